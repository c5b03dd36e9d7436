"""What a spreadsheet makes of our tables."""

import csv
from pathlib import Path

import openpyxl
import pytest

from core import spreadsheets


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_is_quoted(text: str):
    assert spreadsheets.is_formula(text)
    assert f"'{text.strip()}" in spreadsheets.csv_text([[text]]).replace("\t", "").replace("\r", "")


@pytest.mark.parametrize("text", ["=1+1", "-1", "'=1", "''@x", "'a'", "a=b", "'", ""])
def test_what_was_quoted_is_read_as_it_was(text: str):
    [[cell]] = csv.reader([spreadsheets.csv_text([[text]]).removeprefix("\ufeff")])

    assert not spreadsheets.is_formula(cell)
    assert spreadsheets.unquoted(cell) == text


def test_numbers_stay_numbers_and_texts_stay_as_they_are():
    written = spreadsheets.csv_text([["Katze, grau", "图片"], [-0.5, 3]])

    assert written == '\ufeff"Katze, grau",图片\r\n-0.5,3\r\n'


RUN = ["=cmd()|' /C calc'!A0", "@SUM(A1)", "#N/A"]  # what spreadsheets take for more than text
HOSTILE = [*RUN, "a\x00\x1bb", "half \udc80", "TRUE", "01", ""]


@pytest.mark.parametrize("name", ["a.csv", "A.XLSX"])
def test_a_table_holds_every_text_as_text(tmp_path: Path, name: str):
    with spreadsheets.written(tmp_path / name, "Answers") as table:
        table.row(["File", "Share"])
        table.row([*HOSTILE, 0.5])
        table.sheet("Counts of a title that is longer than 31 signs")
        table.row([3])

    shown = ["a\\x00\\x1bb", "half \\udc80", "TRUE", "01", ""]
    if name == "a.csv":
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[1] == ["'=cmd()|' /C calc'!A0", "'@SUM(A1)", "#N/A", *shown, "0.5"]
        assert rows[-1] == ["3"]
    else:
        answers, counts = openpyxl.load_workbook(tmp_path / name).worksheets
        [_, row] = answers.iter_rows()
        assert [cell.value or "" for cell in row] == [*RUN, *shown, 0.5]
        assert [cell.data_type for cell in row[:-2]] == ["s"] * 7
        assert [cell.quotePrefix for cell in row[:3]] == [True, True, False]
        assert counts.title.startswith("Counts of")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_table_is_written_whole_or_not_at_all(tmp_path: Path, name: str):
    (tmp_path / name).write_text("before")

    def write() -> None:
        with spreadsheets.written(tmp_path / name, "Answers") as table:
            table.row(["one"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()

    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "before"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_what_cannot_be_written_is_known_before_the_first_row(tmp_path: Path, name: str):
    with (
        pytest.raises(FileNotFoundError),
        spreadsheets.written(tmp_path / "missing" / name, "Answers"),
    ):
        pytest.fail("a row was asked for")
