"""Which class each file belongs to: class folders, train and test folders, or a list of labels."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import UserError
from core.ingest import labels, names
from core.ingest.labels import SPLITS
from core.ingest.sources import Entry, Source
from core.records import FileReport, Split, Verdict
from core.words import Message, say

PICTURES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".gif", ".webp"),
    *(".bmp", ".dib", ".tif", ".tiff", ".avif", ".heic", ".heif", ".hif"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file with its class, and its part of the split where the layout gives one."""

    entry: Entry
    label: str
    given: Split | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a source holds: files with a class, files without one, and folders of classes."""

    items: tuple[Item, ...]
    reports: tuple[FileReport, ...]
    classes: tuple[str, ...]  # every class folder, also those without a file
    warnings: tuple[Message, ...] = ()


def understand(source: Source, label: str = "") -> Layout:
    """Find the class of every file; with a `label` all of them are of that class."""
    if label:
        items = tuple(Item(entry=entry, label=names.clean(label)) for entry in source.entries)
        return Layout(items=items, reports=(), classes=(names.clean(label),))
    listed = labels.find(source, is_picture)
    if listed is not None:
        return _by_list(source, listed)
    around = wrapper(source.entries)
    return _by_folder(source, around, _is_split(source.entries, len(around)))


def is_picture(entry: Entry) -> bool:
    """Tell by its name that a file should be a picture."""
    return entry.parts[-1].lower().endswith(PICTURES)


def wrapper(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Find the folders that merely wrap everything: ``photos/cats/1.jpg`` has ``photos``."""
    pictures = [entry.parts for entry in entries if is_picture(entry)]
    paths = pictures or [entry.parts for entry in entries]
    depth = 0
    while True:
        inside = [path[depth:] for path in paths if len(path) > depth + 1]
        direct = sum(len(path) == 2 for path in inside)
        alone = len({path[0] for path in inside}) == 1 and len(inside) == len(paths)
        if not alone or direct > len(inside) - direct:
            return paths[0][:depth] if paths else ()
        depth += 1


def _is_split(entries: Iterable[Entry], depth: int) -> bool:
    """Tell whether the folders are train, validation and test, with class folders inside."""
    paths = [e.parts[depth:] for e in entries if is_picture(e) and len(e.parts) > depth + 1]
    tops = {names.key(path[0]) for path in paths}
    deep = sum(len(path) > 2 for path in paths)
    return "train" in {_part_key(top) for top in tops} and len(tops) > 1 and 2 * deep > len(paths)


def _part_key(top: str) -> str:
    return SPLITS[top].value if top in SPLITS else top


def _by_folder(source: Source, around: tuple[str, ...], given: bool) -> Layout:
    depth = len(around)
    first = depth + given
    items, reports = list[Item](), list[FileReport]()
    for entry in source.entries:
        inside = len(entry.parts) >= first + 2 and entry.parts[:depth] == around
        part = SPLITS.get(names.key(entry.parts[depth])) if given and inside else None
        if not inside or (given and part is None):
            reports.append(_without_class(entry))
        else:
            items.append(Item(entry=entry, label=entry.parts[first], given=part))
    inner = (folder for folder in source.folders if folder[:depth] == around)
    classes = sorted({folder[first] for folder in inner if len(folder) > first})
    return _with_one_spelling(items, reports, classes)


def _with_one_spelling(
    items: Sequence[Item], reports: Sequence[FileReport], classes: Sequence[str]
) -> Layout:
    """Make one class of ``Cats`` and ``cats``: the spelling that most files have."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        spellings[names.key(item.label)][item.label] += 1
    best = {key: min(found, key=lambda s: (-found[s], s)) for key, found in spellings.items()}
    merged = tuple(
        Item(entry=item.entry, label=best[names.key(item.label)], given=item.given)
        for item in items
    )
    warnings = tuple(
        say("The folders {names} were taken as one class.", names=", ".join(sorted(found)))
        for found in spellings.values()
        if len(found) > 1
    )
    shown = {best.get(names.key(name), name) for name in classes}
    return Layout(
        items=merged, reports=tuple(reports), classes=tuple(sorted(shown)), warnings=warnings
    )


def _by_list(source: Source, listed: labels.Labels) -> Layout:
    items, reports = list[Item](), list[FileReport]()
    for entry in source.entries:
        found = listed.rows.get(entry.parts)
        if entry.place in listed.places:
            reports.append(_read_as_list(entry))
        elif found is None:
            reports.append(_not_listed(entry) if is_picture(entry) else _without_class(entry))
        else:
            items.append(Item(entry=entry, label=found.label, given=found.given))
    layout = _with_one_spelling(items, reports, sorted({item.label for item in items}))
    return Layout(
        items=layout.items,
        reports=layout.reports,
        classes=layout.classes,
        warnings=layout.warnings + listed.warnings,
    )


def _report(entry: Entry, verdict: Verdict, error: UserError) -> FileReport:
    return FileReport(file=entry.file, verdict=verdict, reason=names.reason(error))


def _without_class(entry: Entry) -> FileReport:
    if is_picture(entry):
        what = say("The image lies in no class folder, so it belongs to no class.")
        mend = say("Put it into the folder of its class.")
    else:
        what = say("This is not an image.")
        mend = say("Nothing needs to be done.")
    expected = say("One folder for each class.")
    return _report(entry, Verdict.REFUSED, UserError(what, expected=expected, mend=mend))


def _not_listed(entry: Entry) -> FileReport:
    error = UserError(
        say("The list of labels does not name this image."),
        expected=say("One line for each image."),
        mend=say("Add a line with its name and its class."),
    )
    return _report(entry, Verdict.REFUSED, error)


def _read_as_list(entry: Entry) -> FileReport:
    return FileReport(
        file=entry.file, verdict=Verdict.JUNK, reason=say("It was read as the list of labels.")
    )
