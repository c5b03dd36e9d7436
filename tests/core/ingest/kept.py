"""Images as reading gives them, made up from their names."""

import hashlib
from typing import Any

from core.ingest.decoding.reading import Kept


def kept(file: str, label: str = "", **known: Any) -> Kept:
    """Make an image; its class is the folder it lies in, if no other is given."""
    return Kept(
        **{
            "file": file,
            "label": label or file.rpartition("/")[0].rpartition("/")[2],
            "given": None,
            "content": hashlib.md5(f"{label}/{file}".encode()).hexdigest(),
            "stored": "",
            "width": 1,
            "height": 1,
            "signature": "00" * 8 + "80" * 192,  # blank, which is alike to none
        }
        | known
    )


def named(name: str, *, groups: int = 8, each: int = 4, classes: str = "ab") -> list[Kept]:
    """Make the same names in each class: of {g} groups with {i} images, {n} counts them all."""
    return [
        kept(f"{c}/" + name.format(c=c, g=g, i=i, n=g * each + i))
        for c in classes
        for g in range(groups)
        for i in range(each)
    ]
