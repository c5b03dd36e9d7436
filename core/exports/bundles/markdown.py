"""Markdown of texts that come from anywhere: names of classes, of data sets, of files."""

from collections.abc import Sequence

_SPECIAL = str.maketrans(
    {c: f"\\{c}" for c in "\\`*_[]|#~$"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
)


def plain(text: str) -> str:
    """Write a text so that it means nothing but itself, in one line."""
    return " ".join(text.split()).translate(_SPECIAL)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table; cells are Markdown already."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def bullets(items: Sequence[str]) -> str:
    """Write a list."""
    return "".join(f"- {item}\n" for item in items)
