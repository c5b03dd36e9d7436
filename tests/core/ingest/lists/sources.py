"""Sources that lie in memory: texts by their names, and images that nobody decodes."""

from collections import Counter

import pytest

from core.errors import UserError
from core.ingest import asking, labelling
from core.ingest.archives.sources import Sorting, Source
from core.ingest.layouts.folders import is_picture
from core.ingest.layouts.records import Layout
from core.records.imports import Options
from core.words import Message

EIGHT = [f"images/{n:06}.jpg" for n in range(8)]


def label(number: int) -> str:
    return "dog" if number % 2 else "cat"


def source(*images: str, **texts: str | bytes) -> Source:
    """Lay texts beside images; ``a__b_csv`` is the file ``a/b.csv``."""
    named = {_named(name): text for name, text in texts.items()}
    return laid(images, named)


def laid(images: tuple[str, ...] | list[str], named: dict[str, str | bytes]) -> Source:
    datas = [text.encode() if isinstance(text, str) else text for text in named.values()]
    sorting = Sorting()
    for index, name in enumerate([*named, *images]):
        sorting.file(name, len(datas[index]) if index < len(datas) else 1, index)
    return sorting.source(lambda e: datas[e.index] if e.index < len(datas) else b"")


def _named(name: str) -> str:
    path, _, suffix = name.replace("__", "/").rpartition("_")
    return f"{path}.{suffix}"


def read(found: Source, **chosen: str) -> tuple[Layout, tuple[Message, ...]]:
    """Read a source as the command line does: questions are guessed, with notes."""
    options, notes = asking.settle(Options(**chosen), lambda o: labelling.label_questions(found, o))
    return labelling.understand(found, options), notes


def counts(layout: Layout) -> dict[str, int]:
    return dict(Counter(item.label for item in layout.items if is_picture(item.entry)))


def refused(found: Source, **chosen: str) -> str:
    """Give the sentences of what is refused."""
    with pytest.raises(UserError) as caught:
        read(found, **chosen)
    return str(caught.value)
