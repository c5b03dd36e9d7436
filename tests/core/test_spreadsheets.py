"""What a spreadsheet makes of our tables."""

import pytest

from core import spreadsheets


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_is_quoted(text: str):
    assert spreadsheets.is_formula(text)
    assert f"'{text.strip()}" in spreadsheets.csv_text([[text]]).replace("\t", "").replace("\r", "")


def test_numbers_stay_numbers_and_texts_stay_as_they_are():
    written = spreadsheets.csv_text([["Katze, grau", "图片"], [-0.5, 3]])

    assert written == '\ufeff"Katze, grau",图片\r\n-0.5,3\r\n'
