"""Lists of labels as people and their programs write them."""

import pytest

from core.ingest import layouts
from core.ingest.layouts import Layout
from core.ingest.sources import Entry, Sorting
from core.records import Verdict

PLAIN = "file,label\n1.png,cat\n2.png,cat\n3.png,dog\n"


def understood(text: str | bytes, name: str = "labels.csv", *, folder: str = "") -> Layout:
    """Lay a list beside three pictures."""
    data = text.encode() if isinstance(text, str) else text
    sorting = Sorting()
    sorting.file(name, len(data), 0)
    for number in "123":
        sorting.file(f"{folder}{number}.png", 1, int(number))

    def read(entry: Entry) -> bytes:
        return b"" if entry.place else data

    return layouts.understand(sorting.source(read))


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
