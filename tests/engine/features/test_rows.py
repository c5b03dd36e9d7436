import json
from pathlib import Path

import numpy as np
import pytest

from core.engine.features import rows as stores
from core.engine.features.rows import RowLayout, Rows

pytestmark = pytest.mark.engine
LAYOUT = RowLayout(shape=(3, 2), dtype="float16")


def block(start: int, num: int) -> np.ndarray:
    return np.arange(start, start + num, dtype=np.float32)[:, None, None] * np.ones((3, 2))


def keys(start: int, num: int) -> list[str]:
    return [f"image{i}" for i in range(start, start + num)]


def filled(folder: Path) -> Rows:
    """Three blocks of four rows."""
    rows = stores.begin_rows(folder, LAYOUT)
    for start in (0, 4, 8):
        rows.append(keys(start, 4), block(start, 4))
    return rows


def reopened(folder: Path) -> Rows:
    layout = stores.read_layout(folder)
    assert layout is not None
    return stores.open_rows(folder, layout, wanted=set(keys(0, 20)))


def value(rows: Rows, key: str) -> float:
    return float(rows.array()[rows.positions[key]].mean())


def test_rows_are_found_again_by_their_keys(tmp_path: Path):
    filled(tmp_path / "rows")

    rows = reopened(tmp_path / "rows")

    assert rows.missing(["image11", "image12", "image0", "image12"]) == [1]
    assert [value(rows, key) for key in keys(0, 12)] == list(range(12))
    assert rows.array().dtype == np.float16


def test_a_block_counts_only_once_its_line_is_written(tmp_path: Path):
    rows = filled(tmp_path / "rows")
    with rows.path.open("ab") as file:
        file.write(b"rows of a process that was killed before it wrote the line")

    rows = reopened(tmp_path / "rows")
    rows.append(keys(12, 2), block(12, 2))

    assert [value(reopened(tmp_path / "rows"), key) for key in keys(0, 14)] == list(range(14))


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_line_cut_off_by_a_crash_loses_only_its_own_block(tmp_path: Path, cut: int):
    index = filled(tmp_path / "rows").index
    index.write_bytes(index.read_bytes()[:-cut])

    rows = reopened(tmp_path / "rows")
    assert rows.missing(keys(0, 12)) == [8, 9, 10, 11]
    rows.append(keys(8, 4), block(8, 4))

    assert [value(reopened(tmp_path / "rows"), key) for key in keys(0, 12)] == list(range(12))


def test_no_changed_bit_in_the_index_is_an_error_or_gives_wrong_rows(tmp_path: Path):
    index = filled(tmp_path / "rows").index
    sound = index.read_bytes()
    for bit in range(0, 8 * len(sound), 3):
        data = bytearray(sound)
        data[bit // 8] ^= 1 << bit % 8
        index.write_bytes(data)

        rows = reopened(tmp_path / "rows")

        kept = [key for key in keys(0, 12) if key in rows.positions]
        assert [value(rows, key) for key in kept] == [float(key[5:]) for key in kept]
        assert len(kept) >= 4  # a changed end of a line costs two blocks


def test_a_changed_byte_is_noticed_and_its_block_given_up(tmp_path: Path):
    path = filled(tmp_path / "rows").path
    data = bytearray(path.read_bytes())
    data[5 * LAYOUT.row_bytes] ^= 0xFF
    path.write_bytes(data)

    rows = reopened(tmp_path / "rows")

    assert rows.num_damaged == 4
    assert rows.missing(keys(0, 12)) == [4, 5, 6, 7]
    assert reopened(tmp_path / "rows").num_damaged == 0  # said once


@pytest.mark.parametrize("length", [0, 7, 5 * 12 * 2 - 1])
def test_a_file_that_is_too_short_loses_what_it_lacks(tmp_path: Path, length: int):
    path = filled(tmp_path / "rows").path
    path.write_bytes(path.read_bytes()[:length])

    rows = reopened(tmp_path / "rows")

    missing = len(rows.missing(keys(0, 12)))
    assert missing == rows.num_damaged == 12 - 4 * (length // (4 * LAYOUT.row_bytes))


def test_rows_cut_off_that_nobody_wants_do_not_harm_the_others(tmp_path: Path):
    path = filled(tmp_path / "rows").path
    path.write_bytes(path.read_bytes()[:-20])

    rows = stores.open_rows(tmp_path / "rows", LAYOUT, wanted=set(keys(0, 8)))

    assert [value(rows, key) for key in keys(0, 8)] == list(range(8))
    assert rows.missing(keys(0, 12)) == [8, 9, 10, 11]


def test_a_file_that_is_gone_loses_everything(tmp_path: Path):
    filled(tmp_path / "rows").path.unlink()

    assert reopened(tmp_path / "rows").num_damaged == 12


def test_blocks_that_nobody_wants_are_not_read(tmp_path: Path):
    path = filled(tmp_path / "rows").path
    path.write_bytes(b"\xff" * path.stat().st_size)

    rows = stores.open_rows(tmp_path / "rows", LAYOUT, wanted={"image1"})

    assert rows.num_damaged == 4


@pytest.mark.parametrize("text", ["", "{", "[]", '{"shape": "x"}', '{"dtype": 3}'])
def test_an_unreadable_layout_is_none(tmp_path: Path, text: str):
    filled(tmp_path / "rows")
    (tmp_path / "rows" / "layout.json").write_text(text)

    assert stores.read_layout(tmp_path / "rows") is None


def test_lines_of_another_kind_are_passed_over(tmp_path: Path):
    index = filled(tmp_path / "rows").index
    lines = index.read_text().splitlines()
    index.write_text("\n".join([lines[0], json.dumps({"other": 1}), "{{{", lines[2]]) + "\n")

    assert reopened(tmp_path / "rows").missing(keys(0, 12)) == [4, 5, 6, 7]


def test_who_reads_rows_goes_on_while_another_begins_them_anew(tmp_path: Path):
    rows = filled(tmp_path / "rows")
    mapped = rows.array()

    stores.begin_rows(tmp_path / "rows", RowLayout(shape=(3, 2), dtype="float32"))

    assert mapped[11].mean() == 11
    assert reopened(tmp_path / "rows").num_rows == 0
