"""Which cell of the matrix, and which picture, a reader looks at: both live in the address."""

import streamlit as st

from pages._shared import address

Cell = tuple[int, int]  # the true class and the one it is named, by number


def current(num_classes: int) -> Cell | None:
    """Give the cell that the address names; None where it names none that there is."""
    return parsed(_asked("cell"), num_classes)


def parsed(text: str, num_classes: int) -> Cell | None:
    """Read a cell from an address, which anybody may have typed."""
    parts = text.split("-")
    if len(parts) != 2 or not all(map(_is_number, parts)):
        return None
    true, named = map(int, parts)
    return (true, named) if max(true, named) < num_classes else None


def show(cell: Cell | None) -> None:
    """Look at a cell from now on; None: at all mistakes. Back leads to what was before."""
    address.step(cell=None if cell is None else f"{cell[0]}-{cell[1]}", picture=None)


def picture() -> int | None:
    """Give the number of the picture that is enlarged, among the answers of its part."""
    return int(_asked("picture")) if _is_number(_asked("picture")) else None


def enlarge(row: int | None) -> None:
    """Enlarge a picture; None: no more."""
    address.step(picture=None if row is None else str(row))


def _asked(name: str) -> str:
    return st.query_params.get(name, "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8
