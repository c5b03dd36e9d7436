"""Records of a stranger: every field is of its kind, texts are short, numbers are numbers."""

import dataclasses
import json
import math
import re
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from core import files
from core.backups import refusals
from core.errors import UserError
from core.words import say

MOST_TEXT = 2_000  # signs of one text
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BROKEN = (ValueError, TypeError, AttributeError, KeyError, RecursionError, OverflowError)


def read(data: bytes, kinds: tuple[type, ...], name: str) -> Any:
    """Rebuild a record of one of these kinds. Raises `UserError` for what none of them is."""
    try:
        row = json.loads(data.decode("utf-8"), parse_constant=_refuse)
    except _BROKEN:
        raise refusals.odd_run(say("'{name}' is no JSON text", name=name)) from None
    for kind in kinds:
        found = _built(kind, row)
        if found is not None:
            return found
    raise refusals.odd_run(say("'{name}' does not say what it should", name=name))


def _built(kind: type, row: Any) -> Any:
    """Rebuild a record; None where the fields are others, or not of their kinds."""
    try:
        found = files.build(kind, row)
    except (*_BROKEN, UserError):
        return None
    return found if fits(kind, found) else None


def fits(kind: Any, value: Any) -> bool:
    """Tell whether a value is of an annotated kind, through and through."""
    if isinstance(kind, UnionType):
        return any(fits(one, value) for one in get_args(kind))
    if kind is NoneType:
        return value is None
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return type(value) is kind and all(fits(hints[n], getattr(value, n)) for n in hints)
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and _all_fit(get_args(kind), value)
    if kind is float:
        return type(value) in (int, float) and math.isfinite(value)
    if kind is int:
        return type(value) is int and abs(value) < 2**63
    if kind is str:
        return type(value) is str and len(value) <= MOST_TEXT and not _ODD.search(value)
    return type(value) is kind and (kind is bool or issubclass(kind, Enum))


def _all_fit(kinds: tuple[Any, ...], values: tuple[Any, ...]) -> bool:
    if kinds[-1] is Ellipsis:
        return all(fits(kinds[0], value) for value in values)
    return len(kinds) == len(values) and all(map(fits, kinds, values))


def _refuse(constant: str) -> float:
    """Refuse NaN and infinity. Raises `ValueError`."""
    raise ValueError(constant)
