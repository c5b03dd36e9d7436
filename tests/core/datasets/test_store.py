"""The data set store: listed whole, named, deleted; refused for training by name; a locked test."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core import datasets
from core.errors import UserError
from core.records import ClassCount, Dataset, Split
from core.workspace import Workspace
from tests import builders


def counted(**counts: int) -> Dataset:
    return Dataset(
        id="x",
        name="x",
        created_at=0.0,
        classes=tuple(ClassCount(name=k, count=n) for k, n in counts.items()),
        num_images=sum(counts.values()),
        num_refused=0,
        num_junk=0,
        fingerprint="",
    )


def test_data_sets_are_listed_newest_first(ws: Workspace) -> None:
    first, second = builders.make_dataset(ws), builders.make_dataset(ws)

    assert [d.id for d in datasets.all_datasets(ws)] == [second.id, first.id]


def test_a_data_set_deleted_while_all_are_listed_is_left_out(ws: Workspace) -> None:
    made = [builders.make_dataset(ws, num=1).id for _ in range(40)]

    with ThreadPoolExecutor(1) as pool:
        gone = pool.submit(lambda: [datasets.delete(ws, dataset_id) for dataset_id in made[1:]])
        while not gone.done():
            assert datasets.all_datasets(ws)
        gone.result()

    assert [d.id for d in datasets.all_datasets(ws)] == made[:1]


def test_a_folder_without_its_record_is_no_data_set(ws: Workspace) -> None:
    (ws.datasets / "half-made" / "images").mkdir(parents=True)

    assert datasets.ids(ws) == []


def test_a_damaged_data_set_hides_itself_alone_and_can_be_deleted(ws: Workspace) -> None:
    whole, damaged = (builders.make_dataset(ws, num=1).id for _ in range(2))
    ws.dataset(damaged).record.write_bytes(b"")

    assert [d.id for d in datasets.all_datasets(ws)] == [whole]
    with pytest.raises(UserError, match="is damaged"):
        datasets.get(ws, damaged)
    datasets.delete(ws, damaged)
    assert datasets.ids(ws) == [whole]


def test_a_data_set_is_renamed_and_deleted(ws: Workspace) -> None:
    dataset = builders.make_dataset(ws)

    datasets.rename(ws, dataset.id, "  My  fruit ")

    assert datasets.get(ws, dataset.id).name == "My fruit"
    datasets.delete(ws, dataset.id)
    assert datasets.ids(ws) == []
    with pytest.raises(UserError, match="no data set called"):
        datasets.get(ws, dataset.id)


def test_an_empty_name_is_refused(ws: Workspace) -> None:
    dataset = builders.make_dataset(ws)

    with pytest.raises(UserError, match="name was empty"):
        datasets.rename(ws, dataset.id, "   ")


@pytest.mark.parametrize("bad", ["../x", "", "a/b", "x" * 200, "..", "C:x"])
def test_an_id_never_becomes_another_path(ws: Workspace, bad: str) -> None:
    for read in (datasets.get, datasets.images, datasets.report, datasets.delete):
        with pytest.raises(UserError):
            read(ws, bad)


def test_a_missing_thumbnail_is_made_again(ws: Workspace) -> None:
    dataset = builders.make_dataset(ws)
    image = datasets.images(ws, dataset.id)[0]

    path = datasets.thumbnail(ws, dataset.id, image.content)

    assert path.read_bytes().startswith(b"\xff\xd8")


@pytest.mark.parametrize("bad", ["../../etc/passwd", "", "0" * 31, "G" * 32, "*" * 32, "0" * 32])
def test_a_thumbnail_of_nothing_is_refused(ws: Workspace, bad: str) -> None:
    dataset = builders.make_dataset(ws)

    with pytest.raises(UserError):
        datasets.thumbnail(ws, dataset.id, bad + "x" * (bad == "0" * 32))


def test_two_classes_of_twenty_can_be_trained_without_a_warning() -> None:
    assert datasets.check_trainable(counted(cats=20, dogs=25)) == ()


def test_a_class_under_four_images_is_named_with_the_way_out() -> None:
    with pytest.raises(UserError) as refused:
        datasets.check_trainable(counted(cats=20, dogs=3))

    assert str(refused.value) == (
        "The class 'dogs' has 3 images. Each class needs at least 4. "
        "Add 1 more, or leave the class out."
    )


def test_a_small_class_can_be_left_out() -> None:
    assert datasets.check_trainable(counted(cats=20, dogs=3, eels=30), ("dogs",)) == ()


def test_one_class_is_not_enough() -> None:
    with pytest.raises(UserError, match="at least 2 classes"):
        datasets.check_trainable(counted(cats=20, dogs=30), ("dogs",))


def test_classes_under_twenty_are_warned_about() -> None:
    [warning] = datasets.check_trainable(counted(cats=20, dogs=7))

    assert "'dogs' has only 7 images" in str(warning)


def test_a_few_small_classes_are_one_sentence() -> None:
    [warning] = datasets.check_trainable(counted(cats=20, dogs=7, eels=5))

    assert str(warning).startswith("2 classes have fewer than 20 images: 'eels' (5), 'dogs' (7)")


def test_many_small_classes_are_one_sentence() -> None:
    counts = {f"class {n:02}": 5 + n % 9 for n in range(40)}

    (said,) = datasets.check_trainable(counted(**counts))

    assert str(said).startswith("40 classes have fewer than 20 images, among them 'class 00' (5)")


def test_every_opening_of_the_test_part_is_remembered(ws: Workspace) -> None:
    dataset = builders.make_dataset(ws)
    assert datasets.num_openings(ws, dataset.id) == 0

    images = datasets.open_test(ws, dataset.id, "run-1")
    datasets.open_test(ws, dataset.id, "run-2")

    assert images
    assert all(image.split is Split.TEST for image in images)
    assert datasets.num_openings(ws, dataset.id) == 2
    assert [opening.reason for opening in datasets.openings(ws, dataset.id)] == ["run-1", "run-2"]
