"""Lists of labels as people and their programs write them."""

import pytest

from core.errors import UserError
from core.ingest import labelling
from core.ingest.archives.sources import Sorting, SourceFile
from core.ingest.layouts.records import Layout
from core.records import Split, Verdict

PLAIN = "file,label\n1.png,cat\n2.png,cat\n3.png,dog\n"


def understood(text: str | bytes, name: str = "labels.csv", *, folder: str = "") -> Layout:
    """Lay a list beside three pictures."""
    data = text.encode() if isinstance(text, str) else text
    sorting = Sorting()
    sorting.file(name, len(data), 0)
    for number in "123":
        sorting.file(f"{folder}{number}.png", 1, int(number))

    def read(entry: SourceFile) -> bytes:
        return b"" if entry.index else data

    return labelling.understand(sorting.source(read))


def labels(layout: Layout) -> list[str]:
    return [item.label for item in layout.items]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.encode("utf-16"),
        "\ufeff".encode("utf-16-be") + PLAIN.encode("utf-16-be"),
        PLAIN.replace(",", "\t"),
        "sep=;\n" + PLAIN.replace(",", ";"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\n\n" + PLAIN,
        "Image Name;Class-Label;width\n1.png;cat;1\n2.png;cat;1\n3.png;dog;1\n",
        ",file,label\n0,1.png,cat\n1,2.png,cat\n2,3.png,dog\n",
        'FILE_NAME,CLASS\n"1.PNG",cat\n2.PNG,cat\n3.PNG,dog\n',
        "file,label\nC:\\data\\1.png,cat\n/home/data/2.png,cat\n../x/3.png,dog\n",
        "file,label\n1.png,cat\n1.png,cat\n2.png,cat\n3.png,dog\n",
    ],
)
def test_a_table_is_read_however_it_was_saved(text: str | bytes) -> None:
    layout = understood(text)

    assert labels(layout) == ["cat", "cat", "dog"]
    assert layout.warnings == ()


def test_json_lines_are_read() -> None:
    rows = "".join(f'{{"file_name": "{n}.png", "label": "cat"}}\n' for n in "123")

    assert labels(understood(rows, "metadata.jsonl")) == ["cat"] * 3


def test_the_end_of_a_longer_path_is_enough() -> None:
    rows = "".join(f"/mnt/disk/photos/a/{n}.png,cat\n" for n in "123")

    assert labels(understood("file,label\n" + rows, folder="a/")) == ["cat"] * 3


@pytest.mark.parametrize(
    ("encoding", "names"),
    [("cp1252", ["café", "größe"]), ("gbk", ["苹果", "香蕉"]), ("cp932", ["いぬ", "ネコ"])],
)
def test_an_encoding_that_was_guessed_is_said(encoding: str, names: list[str]) -> None:
    text = f"file;label\n1.png;{names[0]}\n2.png;{names[0]}\n3.png;{names[1]}\n"

    layout = understood(text.encode(encoding))

    assert labels(layout) == [names[0], names[0], names[1]]
    assert f"was read as {encoding.upper()}" in str(layout.warnings[0])


def test_bytes_that_fit_no_encoding_are_read_all_the_same() -> None:
    layout = understood(b"file,label\n1.png,\x81 x\n2.png,a\n3.png,a\n")

    assert labels(layout) == ["x", "a", "a"]


def test_an_image_with_two_classes_is_refused_and_both_are_named() -> None:
    layout = understood(PLAIN + "2.png,dog\n")

    assert labels(layout) == ["cat", "dog"]
    [refused] = [report for report in layout.reports if report.verdict is Verdict.REFUSED]
    assert refused.file == "2.png"
    assert "several classes: cat, dog" in str(refused.reason)
    assert layout.warnings == ()


def beside(*names: str, **tables: str) -> Layout:
    """Lay tables beside pictures; ``train_csv`` is the file ``train.csv``."""
    texts = {name.replace("_csv", ".csv"): text.encode() for name, text in tables.items()}
    sorting = Sorting()
    for index, name in enumerate([*texts, *names]):
        sorting.file(name, 1, index)
    contents = list(texts.values())
    return labelling.understand(
        sorting.source(lambda entry: contents[entry.index] if entry.index < len(contents) else b"")
    )


TRAIN = [f"train/{n}.png" for n in range(8)]
TEST = [f"test/t{n}.png" for n in range(20)]


def column(values: str, line: str = "{n}.png,{value}") -> str:
    return "".join(line.format(n=n, value=value) + "\n" for n, value in enumerate(values))


@pytest.mark.parametrize(
    "table",
    [
        "id_code,diagnosis\n" + column("aabbaabb", "{n},{value}"),
        "Image,Id\n" + column("aabbaabb"),
        "id,name,label\n" + column("aabbaabb", "{n},{n}.png,{value}"),
        ",filename,kind\n" + column("aabbaabb", "{n},{n}.png,{value}"),
        "filename,label,class_name\n" + column("aabbaabb", "{n}.png,0,{value}"),
        "Width;ClassId;Path\n" + column("aabbaabb", "30;{value};train/{n}.png"),
        "image_id|dx|age\n" + column("aabbaabb", "{n}|{value}|30"),
        "photo,a,b\n" + column("aabbaabb").replace("a", "1.0,0.0").replace("b", "0.0,1.0"),
        column("aabbaabb"),
    ],
)
def test_columns_are_told_by_what_they_hold(table: str) -> None:
    layout = beside(*TRAIN, *TEST, train_csv=table)

    assert labels(layout) == list("aabbaabb")
    refused = {r.file for r in layout.reports if "does not name this image" in str(r.reason)}
    assert refused == set(TEST)


def test_the_form_of_an_answer_to_a_competition_is_no_list_of_labels() -> None:
    answers = "image,label\n" + column("a" * 20, "t{n}.png,{value}")
    truth = "image,label\n" + column("aabbaabb")

    layout = beside(*TRAIN, *TEST, sample_submission_csv=answers, train_csv=truth)

    assert labels(layout) == list("aabbaabb")


def test_a_list_that_knows_one_class_only_does_not_replace_class_folders() -> None:
    boxes = "filename,xmin,label\n1.png,3,object\n2.png,3,object\n"

    layout = beside("cat/1.png", "dog/2.png", bboxes_csv=boxes)

    assert labels(layout) == ["cat", "dog"]
    assert "the folders were taken as classes" in str(layout.warnings[0])


def test_numbers_in_a_list_do_not_replace_the_names_of_the_same_classes() -> None:
    layout = beside("cat/1.png", "dog/2.png", labels_csv="file,label\n1.png,0\n2.png,1\n")

    assert labels(layout) == ["cat", "dog"]


def test_a_list_that_divides_otherwise_than_the_folders_is_taken_and_it_is_said() -> None:
    table = "file,label\n1.png,sick\n2.png,well\n3.png,sick\n"

    layout = beside("ward1/1.png", "ward1/2.png", "ward2/3.png", labels_csv=table)

    assert labels(layout) == ["sick", "well", "sick"]
    assert "read from 'labels.csv', not from the folders" in str(layout.warnings[0])


def test_parts_of_a_split_are_never_classes() -> None:
    with pytest.raises(UserError, match="parts of a data set, not classes: test1, train"):
        beside("train/cat.0.png", "train/dog.0.png", "test1/1.png")


def test_a_list_whose_class_column_is_not_clear_is_named() -> None:
    table = "file,place,weather\n" + column("aabbaabb", "{n}.png,{value},{n}")

    with pytest.raises(UserError, match=r"'train\.csv' names the images, but which"):
        beside(*TRAIN, *TEST, train_csv=table)


def test_lists_in_the_parts_of_a_split_keep_the_split() -> None:
    flags = "filename, a, b\n"
    names = [f"{part}/{part}{n}.png" for part in ("train", "valid") for n in range(2)]
    tables = {
        f"{part}/_classes_csv": f"{flags}{part}0.png, 1, 0\n{part}1.png, 0, 1\n"
        for part in ("train", "valid")
    }

    layout = beside(*names, **tables)

    assert labels(layout) == ["a", "b", "a", "b"]
    assert [i.given for i in layout.items] == [Split.TRAIN] * 2 + [Split.VALIDATION] * 2


def test_further_columns_whose_values_come_again_are_kept_of_each_image() -> None:
    rows = column("aabbaabb", "HAM_{value},{n},{value},{n}.5,male")

    layout = beside(*TRAIN, meta_csv="lesion_id,image_id,dx,width,sex\n" + rows)

    assert [item.facts for item in layout.items] == [
        (("lesion_id", f"HAM_{v}"),) for v in "aabbaabb"
    ]


def test_a_list_beside_class_folders_tells_what_else_is_known_of_the_images() -> None:
    table = "file,Patient\n1.png,Ada\n2.png,Ada\n3.png,Bo\n"

    layout = beside("cat/1.png", "cat/2.png", "dog/3.png", patients_csv=table)

    assert [(i.label, i.facts) for i in layout.items] == [
        ("cat", (("Patient", "Ada"),)),
        ("cat", (("Patient", "Ada"),)),
        ("dog", (("Patient", "Bo"),)),
    ]
    [report] = layout.reports
    assert report.verdict is Verdict.JUNK
    assert "what else is known" in str(report.reason)


def test_of_a_thousand_columns_twelve_are_kept_and_long_cells_are_cut() -> None:
    header = "file,label," + ",".join(f"c{n}" for n in range(1000))
    rows = "".join(f"{n}.png,{v}" + f",{v * 500}" * 1000 + "\n" for n, v in enumerate("aabbaabb"))

    layout = beside(*TRAIN, train_csv=f"{header}\n{rows}")

    assert [name for name, _ in layout.items[0].facts] == [f"c{n}" for n in range(12)]
    assert layout.items[0].facts[0][1] == "a" * 80
