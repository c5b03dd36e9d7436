"""Finds the image that a cell of a list means, however the list and the files spell it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from urllib.parse import unquote

from core import names
from core.ingest.archives.sources import SourceFile
from core.ingest.layouts.folders import PICTURES
from core.ingest.layouts.parts import part_of
from core.ingest.lists.records import Parts

_MANY = 256  # images of one name that are looked at; more are told apart by no list
_SAMPLE = 20  # images that are looked for in a text
_UPLOADED = re.compile(r"^[0-9a-f]{8}-(?=.)")  # what Label Studio puts before a name
_ODD = re.compile(r"[\W_]+")
_BETWEEN = re.compile(r"[\s_.-]+")
_WHOLE = re.compile(r"\d+(?:[.,]0+)?")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?e\+?(\d+)", re.IGNORECASE)
OTHER_PICTURES = (*PICTURES, ".dcm", ".svg", ".raw", ".nef", ".cr2", ".dng", ".jp2")


def is_file_name(cell: str) -> bool:
    """Tell by its end that a cell is the name of an image."""
    return cell.split("?")[0].strip().lower().endswith(OTHER_PICTURES)


class Pictures:
    """The images of a source by every way to name them, the surest first."""

    def __init__(self, pictures: Sequence[SourceFile]) -> None:
        self._ends: dict[str, list[Parts]] = defaultdict(list)
        self._stems: dict[str, list[Parts]] = defaultdict(list)
        self._loose: dict[str, list[Parts]] = defaultdict(list)
        self._numbers: dict[int, list[Parts]] = defaultdict(list)
        self._rounded: dict[int, dict[str, list[Parts]]] = {}
        self._all = [entry.parts for entry in pictures]
        for entry in pictures:
            self._index(entry.parts)

    def _index(self, parts: Parts) -> None:
        for start in range(len(parts)):
            self._ends[_key(parts[start:])].append(parts)
            self._stems[_stem(_key(parts[start:]))].append(parts)
        stem = _stem(names.key(parts[-1]))
        for spelled in {_plain(stem), _plain(_UPLOADED.sub("", stem))}:
            self._loose[spelled].append(parts)
        if stem.isdecimal():
            self._numbers[int(stem)].append(parts)

    def has_stem(self, name: str) -> bool:
        """Tell whether a file is called like an image, but for the suffix: 7.txt, 7.jpg.json."""
        stem = _stem(names.key(name))
        return stem in self._stems or stem in self._ends

    def are_in(self, text: str) -> bool:
        """Tell whether a text names most of the images, by their whole names or long stems."""
        told = names.key(text)
        some = self._all[:: max(1, len(self._all) // _SAMPLE)]
        keys = [names.key(parts[-1]) for parts in some]
        stems = (_stem(key) for key in keys)
        found = (
            key in told or (len(s) > 3 and s in told) for key, s in zip(keys, stems, strict=True)
        )
        return len(keys) > 1 and 2 * sum(found) >= len(keys)

    def called(self, cell: str) -> int:
        """Count the images that a cell may mean."""
        parts = _parts(cell)
        return max((len(found) for found in self._candidates(parts)), default=0) if parts else 0

    def find(self, cell: str, beside: Parts, hints: Collection[str] = ()) -> Parts | None:
        """Give the path of the image that a cell of a list in the folder ``beside`` names.

        Of several of that name the one near the list is meant, or the one in a folder that is
        called as the list is: the words in ``hints``.
        """
        parts = _parts(cell)
        if not parts:
            return None
        whole = _key((*beside, *parts))
        exact = (*self._ends.get(whole, ()), *self._stems.get(whole, ()))
        here = [path for path in exact if len(path) == len(beside) + len(parts)]
        if len(here) == 1:
            return here[0]
        for found in self._candidates(parts):
            if meant := _nearest(found, beside, hints):
                return meant
        return None

    def _candidates(self, parts: Parts) -> Iterator[Sequence[Parts]]:
        ends = [_key(parts[start:]) for start in range(len(parts))]
        yield from (self._ends.get(end, ()) for end in ends)
        yield from (self._stems.get(end, ()) for end in ends)
        if is_file_name(parts[-1]):  # the same image, saved in another format
            yield from (self._stems.get(_stem(end), ()) for end in ends)
        name = ends[-1]
        yield self._by_number(name)
        stem = _stem(name) if is_file_name(name) else name
        for spelled in (_UPLOADED.sub("", stem), unquote(stem)):
            yield self._loose.get(_plain(spelled), ())

    def _by_number(self, name: str) -> Sequence[Parts]:
        """Find ``000012.jpg`` by what Excel made of it: 12, 12.0 or 1.2E+01."""
        if _WHOLE.fullmatch(name):
            return self._numbers.get(int(re.split("[.,]", name)[0]), ())
        if (found := _SCIENTIFIC.fullmatch(name)) and len(found[3]) < 3:
            digits = len(found[2] or "")
            return self._to_digits(digits).get(f"{found[1]}{found[2] or ''}e{int(found[3])}", ())
        return ()

    def _to_digits(self, digits: int) -> dict[str, list[Parts]]:
        if digits > 15:
            return {}
        if digits not in self._rounded:
            by_text: dict[str, list[Parts]] = defaultdict(list)
            for number, paths in self._numbers.items():
                mantissa, _, power = f"{Decimal(number):.{digits}e}".partition("e")
                by_text[f"{mantissa.replace('.', '')}e{int(power)}"] += paths
            self._rounded[digits] = by_text
        return self._rounded[digits]


def _nearest(found: Sequence[Parts], beside: Parts, hints: Collection[str]) -> Parts | None:
    if len(found) == 1:
        return found[0]
    if not found or len(found) > _MANY:
        return None
    for length in range(len(beside), 0, -1):
        near = [path for path in found if path[:length] == beside[:length]]
        if near:
            return _called_alike(near, (*beside, *hints))
    return _called_alike(found, (*beside, *hints))


def _called_alike(found: Sequence[Parts], words: Iterable[str]) -> Parts | None:
    """Give the only path whose folders share the most with these words, train with training."""
    if len(found) == 1:
        return found[0]
    said = {names.key(word) for word in words} | {part for w in words if (part := part_of(w))}
    scores = [sum(names.key(f) in said or part_of(f) in said for f in path[:-1]) for path in found]
    best = max(scores)
    return found[scores.index(best)] if scores.count(best) == 1 else None


def words_of(file: str) -> tuple[str, ...]:
    """Give the words in the name of a list: ``train_labels.csv`` is of train."""
    stem = file.rsplit(".", 1)[0]
    return (stem, *_BETWEEN.split(stem))


def _parts(cell: str) -> Parts:
    if "?d=" in cell:  # a file that Label Studio serves itself
        cell = unquote(cell.partition("?d=")[2])
    cell = cell.split("?")[0] if "://" in cell else cell
    parts = (names.clean(part) for part in cell.replace("\\", "/").split("/"))
    return tuple(part for part in parts if part not in ("", ".", ".."))[-32:]


def _key(parts: Sequence[str]) -> str:
    return names.key("/".join(parts))


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _plain(name: str) -> str:
    return _ODD.sub("_", name).strip("_")
