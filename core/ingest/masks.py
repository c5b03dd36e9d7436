"""Masks beside photographs: drawings of which part of a picture is what, and no class."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core import names
from core.ingest.building import Findings
from core.ingest.decoding.reading import Kept
from core.ingest.layouts import level_words
from core.records import Choice, FileReport, Question, Verdict
from core.words import Message, enumeration, nsay, say

CHOICES = ("leave-out", "take")
MOST_COLOURS = 20  # of a mask
DRAWN = 0.8  # of the pictures of a folder have no more colours, where they are masks
PAIRED = 0.5  # of the masks have a photograph of their name
_SHOWN = 3
_IMAGE = {"image", "img", "photo", "picture", "bild", "foto"}
_BETWEEN = re.compile(r"[\s_.-]+")


@dataclass(frozen=True, slots=True)
class _Unit:
    """Pictures of one folder whose file names are of one kind, with what their names share."""

    folder: str
    is_named: bool  # by its folder, or by its files: 'masks/1.png', '1_mask.png'
    kept: tuple[Kept, ...]

    @property
    def stems(self) -> set[str]:
        found = [_stem(k.file)[0].split("_") for k in self.kept]
        while len(found) > 1 and min(map(len, found)) > 1 and len({w[-1] for w in found}) == 1:
            found = [words[:-1] for words in found]  # what all of them are called: 'leftImg8bit'
        return {"_".join(words) for words in found}

    @property
    def is_drawn(self) -> bool:
        few = sum(0 < k.colours <= MOST_COLOURS for k in self.kept)
        return few >= DRAWN * len(self.kept)


@dataclass(frozen=True, slots=True)
class Masks:
    """What seems to be masks, and whether that is sure."""

    files: frozenset[str]
    where: tuple[str, ...]  # folders, or one file for each where they lie among photographs
    are_sure: bool


def find(kept: Sequence[Kept]) -> Masks:
    """Find folders of masks: by their names, or by few exact colours beside photographs."""
    units = _units(kept)
    photos = [u for u in units if not u.is_named and not u.is_drawn]
    known: dict[str, list[int]] = defaultdict(list)
    for index, unit in enumerate(photos):
        for stem in unit.stems:
            known[stem].append(index)
    found = [u for u in units if (u.is_named or u.is_drawn) and _are_masks(u, known)]
    return Masks(
        frozenset(k.file for unit in found for k in unit.kept),
        tuple(dict.fromkeys(map(_where, found))),
        all(unit.is_named and unit.is_drawn for unit in found),
    )


def _units(kept: Sequence[Kept]) -> list[_Unit]:
    by_kind: dict[tuple[str, bool], list[Kept]] = defaultdict(list)
    for k in kept:
        by_kind[k.file.rpartition("/")[0], _stem(k.file)[1]].append(k)
    folders = {part for folder, _ in by_kind for part in folder.split("/")}
    named = {folder for folder in folders if level_words.are_masks(folder)}
    if any(
        level_words.are_without_masks(folder) for folder in folders
    ):  # faces with a mask, and without
        named = set()
    return [
        _Unit(folder, marked or not named.isdisjoint(folder.split("/")), tuple(found))
        for (folder, marked), found in by_kind.items()
    ]


def _are_masks(unit: _Unit, photos: Mapping[str, Collection[int]]) -> bool:
    """Tell masks by a folder of photographs of the same names, or by name and look alone."""
    stems = unit.stems
    paired = Counter(index for stem in stems for index in photos.get(stem, ()))
    if max(paired.values(), default=0) >= PAIRED * len(stems):
        return True
    return unit.is_named and unit.is_drawn and bool(photos)


def _stem(file: str) -> tuple[str, bool]:
    """Give what a mask and its photograph share: ``a_7_mask.png`` -> ``a_7``; is it marked?"""
    name = file.rpartition("/")[2].rpartition(".")[0]
    words = [word for word in _BETWEEN.split(names.key(name)) if word and word not in _IMAGE]
    at = next((index for index, word in enumerate(words) if word in level_words.MASKS), None)
    if at is None or len(words) == 1:
        return "_".join(words), False
    return "_".join(words[:at] or words[1:]), True


def _where(unit: _Unit) -> str:
    parts = unit.folder.split("/")
    named = next((part for part in reversed(parts) if level_words.are_masks(part)), "")
    marked = unit.kept[0].file.rpartition("/")[2] if _stem(unit.kept[0].file)[1] else ""
    return named or marked or parts[-1]


def mask_questions(kept: Sequence[Kept]) -> tuple[Question, ...]:
    """Ask whether what seems to be masks is to be learned from."""
    found = find(kept)
    if not found.files:
        return ()
    num = len(found.files)
    where = enumeration([say("'{name}'", name=name) for name in found.where[:_SHOWN]])
    out = nsay(
        "{num} picture looks like a mask of a photograph beside it ({names}) and was left out. To "
        "learn from it as an image, bring it in again with --masks take.",
        "{num} pictures look like masks of the photographs beside them ({names}) and were left "
        "out. To learn from them as images, bring them in again with --masks take.",
        num=num,
        names=where,
    )
    taken = nsay(
        "{num} picture looks like a mask of a photograph beside it ({names}). A model learns "
        "nothing of use from it: bring the images in again with --masks leave-out.",
        "{num} pictures look like masks of the photographs beside them ({names}). A model that "
        "tells masks from photographs is right and of no use: bring the images in again with "
        "--masks leave-out.",
        num=num,
        names=where,
    )
    question = Question(
        option="masks",
        what=nsay(
            "{num} picture looks like a mask, a drawing of what is where: {names}",
            "{num} pictures look like masks, drawings of what is where: {names}",
            num=num,
            names=where,
        ),
        choices=_choices(kept, found.files),
        guess="leave-out" if found.are_sure else "take",
        note=out if found.are_sure else taken,
    )
    return (question,)


def _choices(kept: Sequence[Kept], masks: Collection[str]) -> tuple[Choice, ...]:
    rest = [k for k in kept if k.file not in masks]
    whole = {k.label for k in kept} - {k.label for k in rest}
    take = say("Take them as a class") if whole else say("Take them like the other images")
    return (
        Choice(value="leave-out", title=say("Leave the masks out"), detail=_counted(rest)),
        Choice(value="take", title=take, detail=_counted(kept)),
    )


def _counted(kept: Iterable[Kept]) -> Message:
    return level_words.counted(Counter(k.label for k in kept))


def left_out(found: Findings, choice: str) -> Findings:
    """Leave the masks out, if that was chosen, with a report of each."""
    masks = find(found.kept).files if choice == "leave-out" else frozenset[str]()
    if not masks:
        return found
    reason = say("Left out: it is a mask, a drawing of what is where in a photograph.")
    kept = tuple(k for k in found.kept if k.file not in masks)
    reports = (
        FileReport(file=k.file, verdict=Verdict.REFUSED, label=k.label, reason=reason)
        for k in found.kept
        if k.file in masks
    )
    gone = {k.label for k in found.kept} - {k.label for k in kept}
    classes = tuple(name for name in found.classes if name not in gone)
    return replace(found, kept=kept, reports=(*found.reports, *reports), classes=classes)
