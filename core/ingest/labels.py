"""A CSV or JSON file beside the images that says which class each of them has."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import UserError
from core.ingest import encodings, names, tables
from core.ingest.sources import Entry, Source
from core.ingest.tables import Row
from core.words import Message, nsay, say

MAX_LISTS = 20
MAX_BYTES = 16 << 20
MAX_DEPTH = 3  # parts of the path of a list, its name included
Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """What lists of labels say of the entries of a source."""

    rows: Mapping[Parts, tuple[Row, ...]]  # more than one where they contradict each other
    places: frozenset[int]  # the entries that are such lists
    warnings: tuple[Message, ...]


def find(source: Source, is_picture: Callable[[Entry], bool]) -> Labels | None:
    """Read the lists of labels of a source, if they name at least half of its pictures."""
    pictures = [entry for entry in source.entries if is_picture(entry)]
    together = len({entry.parts[:-1] for entry in pictures}) == 1  # not sorted into folders
    found: dict[Parts, dict[str, Row]] = defaultdict(dict)
    places, missing, warnings = set[int](), 0, list[Message]()
    for entry in sorted(filter(_may_be_list, source.entries), key=_depth)[:MAX_LISTS]:
        data = _read(source, entry)
        rows = tables.parse(entry.parts[-1].lower(), data, headless=together)
        named = _match(rows, entry, pictures)
        if named:
            places.add(entry.place)
            missing += len(rows) - len(named)
            warnings += _warn_of_guess(entry, data)
        for place, row in named:
            found[place][names.key(row.label)] = row
    if not found or 2 * len(found) < len(pictures):
        return None
    rows_of = {place: tuple(by_label.values()) for place, by_label in found.items()}
    return Labels(rows_of, frozenset(places), (*_warn_of_missing(missing), *warnings))


def _may_be_list(entry: Entry) -> bool:
    named = entry.parts[-1].lower().endswith(tables.SUFFIXES)
    return named and len(entry.parts) <= MAX_DEPTH and entry.size <= MAX_BYTES


def _depth(entry: Entry) -> int:
    return len(entry.parts)


def _read(source: Source, entry: Entry) -> bytes:
    try:
        return source.read(entry)
    except UserError:
        return b""  # the decoder will say why it cannot be read


def _warn_of_missing(missing: int) -> tuple[Message, ...]:
    if not missing:
        return ()
    return (
        nsay(
            "{num} line of the list of labels names no image that is there.",
            "{num} lines of the list of labels name no image that is there.",
            num=missing,
        ),
    )


def _warn_of_guess(entry: Entry, data: bytes) -> tuple[Message, ...]:
    encoding = encodings.guess_text(data)
    if encoding.startswith("utf"):
        return ()
    return (
        say(
            "'{file}' does not say how it is written and was read as {encoding}. If the names of "
            "classes look wrong, save it as UTF-8 and bring it in again.",
            file=entry.file,
            encoding=encoding.upper(),
        ),
    )


def _match(
    rows: Iterable[Row], beside: Entry, pictures: Sequence[Entry]
) -> list[tuple[Parts, Row]]:
    """Find the picture each line means: by its path or the end of it, else by its name alone."""
    by_path = {_key(entry.parts): entry.parts for entry in pictures}
    by_name, by_stem = _unique(pictures, stem=False), _unique(pictures, stem=True)
    found = []
    for row in rows:
        parts = [names.clean(p) for p in row.file.replace("\\", "/").split("/")]
        parts = [part for part in parts if part not in ("", ".", "..")]
        ends = (parts[start:] for start in range(len(parts)))
        paths = (by_path.get(_key(path)) for path in ((*beside.parts[:-1], *parts), *ends))
        name = names.key(parts[-1]) if parts else ""
        place = next(filter(None, paths), None) or by_name.get(name) or by_stem.get(name)
        if place:
            found.append((place, row))
    return found


def _key(parts: Sequence[str]) -> str:
    return names.key("/".join(parts))


def _unique(pictures: Iterable[Entry], *, stem: bool) -> dict[str, Parts]:
    named: dict[str, list[Parts]] = defaultdict(list)
    for entry in pictures:
        name = entry.parts[-1].rsplit(".", 1)[0] if stem else entry.parts[-1]
        named[names.key(name)].append(entry.parts)
    return {name: found[0] for name, found in named.items() if len(found) == 1}
