"""Lists that were made to do harm say nothing, or a sentence, and cost little."""

import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from core.ingest.lists.formats import workbooks
from tests.core.ingest.lists.sources import counts, laid, read, refused

IMAGES = ["i/1.jpg", "i/2.jpg", "i/3.jpg"]
ENTITIES = "<!DOCTYPE l [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>"
ODD = {"images": [{"id": [1]}], "annotations": [1], "categories": [3]}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("deep.json", b"[" * 300_000),
        ("deep2.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        ("empty.json", b"[" + b"{}," * 1000 + b"{}]"),
        ("odd.json", json.dumps(ODD).encode()),
        ("lol.xml", f"{ENTITIES}<annotation><object>&b;</object></annotation>".encode()),
        ("lol.xml", f"{ENTITIES}<annotation>&b;</annotation>".encode("utf-16")),
        ("deep.xml", b"<annotation>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</annotation>"),
        ("half.xml", b"<annotations><image name='1.jpg'>"),
    ],
)  # fmt: skip
def test_what_is_no_list_says_nothing(name: str, data: bytes) -> None:
    layout, _ = read(laid(IMAGES, {name: data}))

    assert counts(layout) == {"i": 3}


@pytest.mark.parametrize(
    "data", [bytes(9000), bytes(range(256)) * 100, b"file,label\n1.jpg," + b"x" * 200_000]
)
def test_a_table_of_nothing_beside_images_of_one_class_is_named(data: bytes) -> None:
    assert "'l.csv' is a table that names no image" in refused(laid(IMAGES, {"l.csv": data}))


def test_formulas_are_names_of_classes_and_a_million_columns_are_cut() -> None:
    wide = (
        b"file,label"
        + b",a" * 100_000
        + b"\n1.jpg,=1+1"
        + b",b" * 100_000
        + b"\n2.jpg,@x\n3.jpg,@x\n"
    )

    layout, _ = read(laid(IMAGES, {"l.csv": wide}))

    assert counts(layout) == {"=1+1": 1, "@x": 2}


def book(**changes: tuple[bytes, bytes]) -> bytes:
    """Write a workbook with a text in its sheet replaced."""
    plain, data = io.BytesIO(), io.BytesIO()
    made = Workbook()
    for row in (["file", "label"], ["1.jpg", "cat"], ["2.jpg", "dog"], ["3.jpg", "=1+1"]):
        made.active.append(row)
    made.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            for before, after in changes.values() if name.endswith("sheet1.xml") else ():
                text = text.replace(before, after)
            new.writestr(name, text)
    return data.getvalue()


def test_a_formula_in_a_workbook_is_what_it_gave_when_it_was_saved() -> None:
    layout, _ = read(laid(IMAGES, {"l.xlsx": book()}))

    assert counts(layout) == {"cat": 1, "dog": 1}


END = b"</sheetData>"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (b"<row/>" * (workbooks.MAX_UNPACKED // 6) + END, "too large"),
        (b"<row r='999999999'><c r='A999999999'><v>1</v></c></row>" + END, "too large"),
        (
            b"".join(b"<row><c r='XFD%d'><v>1</v></c></row>" % n for n in range(9, 300)) + END,
            "too large",
        ),
        (b"<row>", "could not be read"),
    ],
)
def test_a_workbook_that_grows_is_refused(after: bytes, said: str) -> None:
    assert said in refused(laid(IMAGES, {"l.xlsx": book(end=(END, after))}))


def test_a_workbook_of_entities_that_grow_is_refused() -> None:
    grown = "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9))
    head = f"<!DOCTYPE l [<!ENTITY a0 'aaaaaaaaaa'>{grown}]><worksheet".encode()
    cell = b"<row><c t='str'><v>&a9;</v></c></row>" + END

    said = refused(laid(IMAGES, {"l.xlsx": book(head=(b"<worksheet", head), end=(END, cell))}))

    assert "could not be read as a workbook" in said
