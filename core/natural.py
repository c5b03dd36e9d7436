"""The order in which people count: 2 comes before 10."""

import re

_DIGITS = re.compile(r"(\d+)")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")

Key = tuple[int, float, list[tuple[int, str]], str]


def sort_key(name: str) -> Key:
    """Sort names by the numbers in them; those that are numbers and no more come first."""
    if _NUMBER.fullmatch(name):
        return 0, float(name.replace(",", ".")), [], name
    pieces = enumerate(_DIGITS.split(name))  # every second one is a number
    return 1, 0.0, [(int(p), "") if index % 2 else (0, p) for index, p in pieces], name
