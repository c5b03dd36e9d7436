"""The weights in a model file: plain tables, each stored whole and reached by one way alone."""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import h5py

from core.backbones.description import Shapes
from core.errors import UserError
from core.models.own import refusals
from core.words import say

MAX_TABLES = 20_000
MAX_DEPTH = 64
_NUMBERS = "fiub"


def shapes(path: Path) -> Shapes:
    """Give the shapes of all tables. Raises `UserError` for what Keras would not have written."""
    found: Shapes = Counter()
    size, total = path.stat().st_size, 0
    try:
        with h5py.File(path, "r") as tables:
            for table in _tables(tables):
                found[table.shape] += 1
                total += _stored(table)
                if total > size or found.total() > MAX_TABLES:
                    raise refusals.odd_weights(reason=say("it says more numbers than it stores"))
    except UserError:
        raise
    except Exception:  # the library raises whatever it stumbles over
        raise refusals.odd_weights(reason=say("they are cut off or damaged")) from None
    return found


def compare(declared: Shapes, stored: Shapes) -> None:
    """Refuse a network that declares tables which the file does not hold. Raises `UserError`."""
    missing = declared - stored
    if missing:
        shape = " × ".join(str(n) for n in max(missing, key=math.prod))
        raise refusals.odd_weights(
            reason=say("a table of {shape} numbers is declared and not stored", shape=shape)
        )


def _tables(root: h5py.File) -> Iterator[h5py.Dataset]:
    stack: list[tuple[h5py.Group, int]] = [(root, 0)]
    seen = {_address(root)}
    while stack:
        group, depth = stack.pop()
        for name in group:
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise refusals.odd_weights(reason=say("they point to another place or file"))
            inner = group[name]
            if (address := _address(inner)) in seen:
                raise refusals.odd_weights(reason=say("a table is reached in two ways"))
            if depth > MAX_DEPTH:
                raise refusals.odd_weights(reason=say("they are nested too deep"))
            seen.add(address)
            if isinstance(inner, h5py.Group):
                stack.append((inner, depth + 1))
            elif isinstance(inner, h5py.Dataset):
                yield inner
            else:
                raise refusals.odd_weights(reason=say("there is something that is no table"))


def _address(item: h5py.HLObject) -> tuple[int, int]:
    info = h5py.h5o.get_info(item.id)
    return info.fileno, info.addr


def _stored(table: h5py.Dataset) -> int:
    """Give the bytes of a table that lies in one piece, in numbers. Raises `UserError`."""
    plain = not (table.external or table.is_virtual or table.chunks)
    if not plain or table.dtype.kind not in _NUMBERS or table.dtype.subdtype:
        raise refusals.odd_weights(reason=say("a table is packed, spread or holds no numbers"))
    num_bytes = math.prod(table.shape) * table.dtype.itemsize
    if num_bytes != table.id.get_storage_size():
        raise refusals.odd_weights(reason=say("it says more numbers than it stores"))
    return num_bytes
