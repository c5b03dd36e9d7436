"""Numbers of images that a list or folders tell, and how near answers are to them."""

from dataclasses import replace

import pytest

from core.batch_predictions import truths
from core.errors import UserError
from core.records import LearnedTarget, Prediction
from core.records.batches import BatchRow
from tests import builders, numbered

TARGET = numbered.TARGET  # width, in mm


def pictures(folder, *names):
    for seed, name in enumerate(names):
        builders.write_image(folder / name, colour=seed % 3, seed=seed, size=8)


def test_a_list_beside_the_images_tells_the_number_that_was_learned(tmp_path):
    pictures(tmp_path, "a.png", "b.png", "c.png")
    (tmp_path / "list.csv").write_text('file,width,height\na.png,3 mm,1\nb.png,"4,5",2\n')

    found = truths.read(tmp_path, TARGET)
    listed = truths.read(tmp_path / "list.csv", TARGET)

    assert found.numbers == listed.numbers == {"a.png": 3.0, "b.png": 4.5}
    assert (found.others, listed.others) == (("c.png",), ())


def test_folders_tell_it_where_no_list_does(tmp_path):
    pictures(tmp_path, "12/a.png", "7.5/b.png", "other/c.png")

    found = truths.read(tmp_path, TARGET)

    assert found.numbers == {"12/a.png": 12.0, "7.5/b.png": 7.5}
    assert found.others == ("other/c.png",)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("file,width\na.png,3 cm\n", "The numbers here are in cm, and the model answers in mm."),
        ("file,height\na.png,3\n", "No list has a column 'width'."),
    ],
)
def test_another_unit_and_another_column_are_refused(tmp_path, lines, said):
    pictures(tmp_path, "a.png")
    (tmp_path / "list.csv").write_text(lines)

    with pytest.raises(UserError, match=said):
        truths.read(tmp_path, TARGET)


def test_a_model_of_folders_takes_no_column(tmp_path):
    pictures(tmp_path, "a.png")
    (tmp_path / "list.csv").write_text("file,width\na.png,3\n")
    target = LearnedTarget(name="", mean=1, deviation=1, lowest=0, highest=2)

    with pytest.raises(UserError, match="so no column is its own"):
        truths.read(tmp_path / "list.csv", target)


def row(file: str, said: float, true: float | None, content: str) -> BatchRow:
    answer = Prediction(file=file, number=said, low=said - 1, high=said + 1)
    return BatchRow(answer=answer, content=content, true=true)


def test_rows_are_judged_but_for_those_of_the_data_set_and_those_without_a_number():
    rows = [row("a", 10, 10.5, "1"), row("b", 20, 23, "2"), row("c", 5, 5, "3"),
            row("d", 1, None, "4")]  # fmt: skip

    found = truths.judge_rows(rows, TARGET, {"3"})

    assert found is not None
    assert found.score is not None
    assert (found.score.images, found.score.mae) == (2, 1.75)
    assert (found.num_ranges, found.inside) == (2, 1)
    assert found.score.rmse == pytest.approx(((0.25 + 9) / 2) ** 0.5)
    assert found.score.rmse_range[0] <= found.score.rmse <= found.score.rmse_range[1]
    assert (found.num_known, found.num_other) == (1, 1)
    assert truths.judge_rows(rows[3:], TARGET, ()) is None
    assert truths.judge_rows(rows[2:3], TARGET, {"3"}).score is None


def test_the_promise_of_a_range_is_counted_where_one_was_given():
    far = TARGET.highest + 10 * TARGET.deviation
    without = replace(row("c", 12, 12, "3"), answer=Prediction(file="c", number=12))
    rows = [row("a", 10, 10.5, "1"), row("b", far, far, "2"), without]

    found = truths.judge_rows(rows, TARGET, ())

    assert found is not None
    assert found.score is not None
    assert found.score.images == 3
    assert (found.num_ranges, found.inside) == (1, 1)
