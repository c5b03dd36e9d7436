"""Which images may belong together, as lists, names, folders and cameras show: to be proposed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core import names
from core.datasets import duplicates, splits
from core.images import capture_time
from core.ingest.decoding.reading import Kept
from core.ingest.grouping import identities, rules
from core.ingest.grouping.figures import Figures
from core.ingest.grouping.name_patterns import is_changed, stem
from core.ingest.grouping.rules import COLUMN, PATTERN
from core.ingest.layouts.parts import part_of

MOST = 4  # candidates of one question
FEW_SHARE, MOST_SHARE = 0.02, 0.3  # of images that share a group: where words say so, and where not
MOST_OF_ONE = 50  # images of a group, in the mean: more are a kind of the class, not one thing
PURE = 0.8  # of groups within one class, where nothing but numbers says that they belong together
_FRONT = re.compile(r"([a-z]{1,3}\d+[a-z]?\d*)[_. -]|(\d+)[_. -]|([0-9a-f]{8,})[_. -]")
_NO_THING = {"x", "y", "row", "col", "img", "pic", "dsc", "v", "rot", "no", "nr"}
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d(?!\d)")
_STAMPED = re.compile(r"\d{9,}\Z")  # a time in milliseconds or a random number counts nothing
_PLAIN_NUMBER = re.compile(r"\d+(?:[.,]\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to keep images together that something speaks for."""

    way: str
    figures: Figures


def find(kept: Sequence[Kept]) -> list[Candidate]:
    """Find what can be proposed, what is surest first; two ways to the same groups are one."""
    found: dict[tuple[int, ...], Candidate] = {}
    first = _place_of_first(kept)
    for way, is_likely in _ways(kept):
        figures = figures_of(kept, way)
        if is_likely(figures) and figures.splits_well and _matters(kept, figures, first):
            found.setdefault(figures.partition(), Candidate(way, figures))
    return list(found.values())[:MOST]


def figures_of(kept: Sequence[Kept], way: str) -> Figures:
    """Give the figures of one way."""
    keys = rules.keys(rules.members(kept, way), way)
    return Figures(keys, [k.label for k in kept])


def _matters(kept: Sequence[Kept], figures: Figures, first: Sequence[int]) -> bool:
    """Tell whether the split would change: copies and bursts stay together in any case.

    And one that was given whole may cut no group.
    """
    given = [k.given for k in kept]
    whole = None not in given and len({*given}) == len(splits.PARTS)
    return any(
        first[one] != first[other] and not (whole and given[one] is given[other])
        for one, other in duplicates.alike(figures.keys)
    )


def _place_of_first(kept: Sequence[Kept]) -> list[int]:
    """Give each image the first one of those that stay with it whatever is chosen."""
    links = rules.links(rules.members(kept, ""), "")
    contents = [k.content for k in kept]
    found = list(range(len(kept)))
    for group in duplicates.bound_groups([k.file for k in kept], contents, (), links):
        for index in group:
            found[index] = group[0]
    return found


Likely = Callable[[Figures], bool]


def _said(figures: Figures) -> bool:
    """Tell whether groups that words speak for are worth asking about."""
    return figures.sharing >= FEW_SHARE


def _shown(figures: Figures) -> bool:
    return figures.sharing >= MOST_SHARE and MOST_OF_ONE * figures.named >= len(figures.keys)


def _shown_by_numbers(figures: Figures) -> bool:
    return _shown(figures) and figures.purity >= PURE


def _ways(kept: Sequence[Kept]) -> Iterator[tuple[str, Likely]]:
    columns = dict.fromkeys(name for k in kept for name, _ in k.facts)
    yield from ((f"{COLUMN}{name}", _said) for name in columns if identities.is_identity(name))
    yield from ((way, _said) for way in _by_word([stem(k.file) for k in kept]))
    if any(k.above for k in kept):
        yield "level", _said
    if MOST_SHARE * len(kept) <= sum(is_changed(k.file) for k in kept):
        yield "versions", _shown
    if _in_folders(kept):
        yield "folder", _shown
    yield from _by_number(kept)
    yield "time", _shown
    others = (name for name in columns if not identities.is_identity(name))
    yield from ((f"{COLUMN}{name}", _shown_by_values) for name in others if _may_name(kept, name))


def _by_word(stems: Sequence[str]) -> Iterator[str]:
    """Give a pattern where the names say patient, video and the like, with a number."""
    found = Counter(identities.in_name(name) for name in stems)
    for (word, between, in_front), num in found.most_common(2):
        if word and 2 * num >= len(stems):
            yield f"{PATTERN}{word}{between}*" if in_front else f"{PATTERN}*{{{word}{between}*}}"


def _in_folders(kept: Sequence[Kept]) -> bool:
    """Tell whether images lie in folders of their own that are called like numbered things."""
    own = [_own_folder(k) for k in kept]
    return 2 * sum(map(bool, own)) > len(own) and all(_numbered(f) for f in {*own} - {""})


def _own_folder(kept: Kept) -> str:
    """Give the folder of an image that is neither its class, nor a part, nor the other level."""
    folder = names.key(kept.file.rpartition("/")[0].rpartition("/")[2])
    known = {names.key(kept.label), names.key(kept.above)}
    return "" if folder in known or part_of(folder) else folder


def _numbered(folder: str) -> bool:
    word = re.sub(r"[\d_. -]+", "", folder)
    has_number = any(letter.isdecimal() for letter in folder)
    thing = bool(identities.in_name(f"{folder}_")[0])
    return thing or (has_number and len(word) <= 2 and not _DATE.search(folder))


def _by_number(kept: Sequence[Kept]) -> Iterator[tuple[str, Likely]]:
    """Give ways where names begin with a number, and another one counts within it."""
    stems = [capture_time.without_time(_DATE.sub("", stem(k.file))) for k in kept]
    if 2 * sum(_is_position(name) or bool(_STAMPED.search(name)) for name in stems) > len(stems):
        return
    fronts = [found for name in stems if (found := _FRONT.match(name))]
    letters = [found for found in fronts if not found[2]]
    separator = Counter(found[0][-1] for found in fronts).most_common(1)
    if separator and 10 * len(letters) >= 9 * len(stems):
        yield f"{PATTERN}*{separator[0][0]}", _shown
    prefixes = [names.prefix(f"{name}.x") for name in stems]
    numbered = sum(any(letter.isdecimal() for letter in prefix) for prefix in prefixes)
    if 2 * numbered >= len(stems):
        yield "prefix", _shown_by_numbers
    if separator and 10 * len(fronts) >= 9 * len(stems):
        yield f"{PATTERN}*{separator[0][0]}", _shown_by_numbers


def _is_position(name: str) -> bool:
    """Tell a name that begins with a place in a picture, or with what all pictures are called."""
    return re.split(r"[\W\d_]", name, maxsplit=1)[0] in _NO_THING


def _may_name(kept: Sequence[Kept], column: str) -> bool:
    """Tell a column of names from one of measures, of dates, and of what only few rows say."""
    cells = [cell for k in kept if (cell := rules.fact(k.facts, column))]
    dates = sum(bool(_DATE.search(c) or capture_time.from_name(c)) for c in cells)
    measures = sum(bool(_PLAIN_NUMBER.match(c)) for c in cells)
    return 2 * len(cells) > len(kept) and 2 * dates < len(cells) and measures < len(cells)


def _shown_by_values(figures: Figures) -> bool:
    """Tell whether values repeat as those of a thing do: many groups, small, each in one class."""
    small = figures.named * 10 >= len(figures.keys)
    return small and figures.purity == 1 and 2 * figures.sharing >= 1
