"""Which class a file belongs to, as people lay their folders out."""

import pytest

from core.errors import UserError
from core.ingest import labelling
from core.ingest.archives.sources import Sorting, Source, SourceFile
from core.records import Split
from core.records.imports import Options


def source(*names: str, **texts: str) -> Source:
    """Make a source of empty files; `texts` are files with a content (``labels_csv``)."""
    sorting = Sorting()
    contents = [""] * len(names) + list(texts.values())
    for index, name in enumerate([*names, *(key.replace("_", ".") for key in texts)]):
        if name.endswith("/"):
            sorting.folder(name)
        else:
            sorting.file(name, 1, index)

    def read(entry: SourceFile) -> bytes:
        return contents[entry.index].encode()

    return sorting.source(read)


def found(given: Source) -> dict[str, str]:
    return {item.entry.file: item.label for item in labelling.understand(given).items}


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (("a/1.jpg", "b/2.jpg"), {"a/1.jpg": "a", "b/2.jpg": "b"}),
        (("x/a/1.jpg", "x/b/2.jpg"), {"x/a/1.jpg": "a", "x/b/2.jpg": "b"}),
        (("x/y/a/1.jpg", "x/y/b/2.jpg"), {"x/y/a/1.jpg": "a", "x/y/b/2.jpg": "b"}),
        (("a/deep/er/1.jpg", "b/2.jpg"), {"a/deep/er/1.jpg": "a", "b/2.jpg": "b"}),
        (("x/a/1.jpg", "x/b/2.jpg", "README.md"), {"x/a/1.jpg": "a", "x/b/2.jpg": "b"}),
        (("x/a/1.jpg", "x/b/2.jpg", "docs/how/to.md"), {"x/a/1.jpg": "a", "x/b/2.jpg": "b"}),
        (("x/a/1", "x/b/2"), {"x/a/1": "a", "x/b/2": "b"}),
        (("only/1.jpg", "only/2.jpg"), {"only/1.jpg": "only", "only/2.jpg": "only"}),
        (("a/1.jpg", "1.jpg"), {"a/1.jpg": "a"}),
        (("1.jpg", "2.jpg"), {}),
    ],
)
def test_the_first_folder_inside_the_wrapping_is_the_class(
    names: tuple[str, ...], labels: dict[str, str]
) -> None:
    assert found(source(*names)) == labels


def test_an_image_beside_the_class_folders_has_no_class() -> None:
    layout = labelling.understand(source("w/a/1.jpg", "w/b/2.jpg", "w/b/3.jpg", "w/stray.jpg"))

    assert [report.file for report in layout.reports] == ["w/stray.jpg"]
    assert "no class folder" in str(layout.reports[0].reason)


@pytest.mark.parametrize("wrapper", ["", "data/", "my/data/"])
@pytest.mark.parametrize(
    ("val", "test"), [("val", "test"), ("Valid", "TEST"), ("validation", "testing")]
)
def test_train_validation_and_test_folders_are_the_split(wrapper: str, val: str, test: str) -> None:
    names = [f"{wrapper}{part}/{k}/{part}{k}.jpg" for part in ("train", val, test) for k in "ab"]

    layout = labelling.understand(source(*names, "README.md", f"{wrapper}train/loose.jpg"))

    assert {(i.label, i.given) for i in layout.items} == {(k, part) for k in "ab" for part in Split}
    assert layout.classes == ("a", "b")
    assert {r.file for r in layout.reports} == {"README.md", f"{wrapper}train/loose.jpg"}


@pytest.mark.parametrize("word", ["validation_set", "Val-Set", "valset", "dev", "验证集"])
def test_parts_of_a_split_have_many_names(word: str) -> None:
    layout = labelling.understand(source("training set/a/1.jpg", f"{word}/a/2.jpg", "x/a/3.jpg"))

    assert {i.given for i in layout.items} == {Split.TRAIN, Split.VALIDATION}
    assert layout.classes == ("a",)
    assert "'x' is neither for training" in str(layout.reports[0].reason)


def test_a_split_inside_each_class_is_respected() -> None:
    given = source("a/train/1.jpg", "a/test/2.jpg", "b/train/3.jpg", "b/val/4.jpg", "b/5.jpg")

    layout = labelling.understand(given)

    assert {i.entry.file: (i.label, i.given) for i in layout.items} == {
        "a/train/1.jpg": ("a", Split.TRAIN),
        "a/test/2.jpg": ("a", Split.TEST),
        "b/train/3.jpg": ("b", Split.TRAIN),
        "b/val/4.jpg": ("b", Split.VALIDATION),
        "b/5.jpg": ("b", None),
    }


def test_a_class_whose_name_cannot_be_seen_is_refused() -> None:
    with pytest.raises(UserError, match="name of the class is empty"):
        labelling.understand(source("1.jpg"), Options(label=" \u200b\t"))


def test_archives_among_the_files_are_not_opened_and_it_is_said() -> None:
    layout = labelling.understand(source("a/1.jpg", "b/2.jpg", "more.zip", "old.7z"))

    assert all("was not opened" in str(report.reason) for report in layout.reports)
    assert len(layout.reports) == 2


def test_classes_called_train_and_plane_are_classes() -> None:
    given = source("train/1.jpg", "plane/2.jpg", "train/3.jpg")

    assert set(found(given).values()) == {"train", "plane"}


def test_a_class_called_train_may_hold_folders_as_the_others_do() -> None:
    names = [f"{k}/{c}/{k}{c}.jpg" for k in ("bus", "car", "train") for c in ("red", "blue")]

    layout = labelling.understand(source(*names))

    assert {item.label for item in layout.items} == {"bus", "car", "train"}
    assert "'train' was taken as a class" in str(layout.warnings[0])


def test_parts_may_be_wrapped_once_more_and_share_a_word() -> None:
    names = [f"seg_{p}/seg_{p}/{k}/{n}.jpg" for p in ("train", "test") for k in "ab" for n in "12"]

    layout = labelling.understand(source(*names, "seg_pred/seg_pred/1.jpg"))

    assert {(i.label, i.given) for i in layout.items} == {
        (k, part) for k in "ab" for part in (Split.TRAIN, Split.TEST)
    }
    assert "'seg_pred' is neither for training" in str(layout.reports[0].reason)


def test_a_test_folder_without_classes_leaves_those_of_training() -> None:
    names = [f"test/{n}.jpg" for n in range(9)]

    layout = labelling.understand(source("train/a/1.jpg", "train/b/2.jpg", *names))

    assert {item.label for item in layout.items} == {"a", "b"}
    assert all("no class folder" in str(report.reason) for report in layout.reports)


def test_a_train_folder_alone_is_a_wrapping() -> None:
    assert set(found(source("train/a/1.jpg", "train/b/1.jpg")).values()) == {"a", "b"}


def test_empty_class_folders_are_known() -> None:
    layout = labelling.understand(source("a/1.jpg", "b/2.jpg", "c/", "d/.gitkeep", ".git/x"))

    assert layout.classes == ("a", "b", "c", "d")


def test_two_spellings_of_a_class_are_one_and_it_is_said() -> None:
    layout = labelling.understand(source("Cats/1.jpg", "cats/2.jpg", "cats/3.jpg", "b/1.jpg"))

    assert {item.label for item in layout.items} == {"cats", "b"}
    assert "Cats, cats" in str(layout.warnings[0])


def test_a_table_with_a_split_column_gives_the_split() -> None:
    table = "image,class,split\n1.jpg,a,train\n2.jpg,a,valid\n3.jpg,b,test\n"

    layout = labelling.understand(source("i/1.jpg", "i/2.jpg", "i/3.jpg", labels_csv=table))

    assert [item.given for item in layout.items] == list(Split)


@pytest.mark.parametrize(
    "table",
    [
        "filename,width\n1.jpg,640\n2.jpg,480\n",
        "1.jpg,640\n2.jpg,480\n",
        "hello",
        "",
        "a,b,c\n1,2,3\n",
    ],
)
def test_a_table_about_something_else_does_not_replace_class_folders(table: str) -> None:
    given = source("a/1.jpg", "b/2.jpg", sizes_csv=table)

    assert found(given) == {"a/1.jpg": "a", "b/2.jpg": "b"}


@pytest.mark.parametrize("text", ["[1, 2]", "{", "null", '{"a/1.jpg": {"w": 3}}', "[" * 5000])
def test_json_about_something_else_does_no_harm(text: str) -> None:
    given = source("a/1.jpg", "b/2.jpg", info_json=text)

    assert found(given) == {"a/1.jpg": "a", "b/2.jpg": "b"}


def test_a_table_in_a_legacy_encoding_is_read() -> None:
    given = source("i/1.jpg", "i/2.jpg", labels_csv="file,label\n1.jpg,苹果\n2.jpg,香蕉\n")
    gbk = given.read

    def read(entry: SourceFile) -> bytes:
        return gbk(entry).decode().encode("gbk")

    layout = labelling.understand(
        Source(entries=given.entries, reports=(), folders=given.folders, read=read)
    )

    assert {item.label for item in layout.items} == {"苹果", "香蕉"}


def test_a_file_that_is_no_image_was_left_out_whatever_else_there_is() -> None:
    [alone] = labelling.understand(source("passwd")).reports
    [beside] = labelling.understand(source("a/1.jpg", "b/2.jpg", "README.md")).reports

    assert str(alone.reason) == str(beside.reason) == "This is not an image. It was left out."


@pytest.mark.parametrize("name", ["no_label", "Unlabeled images", "unsortiert", "未标注"])
def test_images_that_nobody_gave_a_class_are_no_class_without_a_word(name: str) -> None:
    layout = labelling.understand(source("cat/1.jpg", "dog/1.jpg", f"{name}/1.jpg"))

    [said] = layout.warnings
    assert f"'{name}' was taken as a class" in str(said)
    other = labelling.understand(source("cat/1.jpg", "labels/2.jpg", "unknown/1.jpg"))
    assert other.warnings == ()


def test_a_text_document_beside_images_is_called_what_it_is() -> None:
    [report] = labelling.understand(source("a/1.jpg", "b/2.jpg", "which is which.DOCX")).reports

    assert "a text document" in str(report.reason)
    assert "save that as a table" in str(report.reason)
