"""Which class each file belongs to: class folders, train and test folders, or a list of labels."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import UserError
from core.ingest import labels, names
from core.ingest.parts import part_of
from core.ingest.sources import Entry, Source
from core.records import FileReport, Split, Verdict
from core.words import Message, say

PICTURES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".gif", ".webp"),
    *(".bmp", ".dib", ".tif", ".tiff", ".avif", ".heic", ".heif", ".hif"),
)

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".rar", ".7z", ".bz2", ".xz")


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
        name = names.clean(label)[: names.MAX_NAME]
        if not name:
            raise _nameless()
        items = tuple(Item(entry=entry, label=name) for entry in source.entries)
        return Layout(items=items, reports=(), classes=(name,))
    listed = labels.find(source, is_picture)
    if listed is not None:
        return _by_list(source, listed)
    around = wrapper(source.entries)
    return _by_folder(source, around, _split_at(source.entries, len(around)))


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


def _split_at(entries: Iterable[Entry], depth: int) -> int | None:
    """Find the folders that are train, validation and test: above the classes, or inside each."""
    paths = [e.parts[depth:-1] for e in entries if is_picture(e) and len(e.parts) > depth + 1]
    deep = [path for path in paths if len(path) > 1]
    if 2 * len(deep) <= len(paths):
        return None
    for place, found in ((0, {path[0] for path in paths}), (1, {path[1] for path in deep})):
        named = {part_of(name) for name in found}
        if Split.TRAIN in named and len(found) > 1 and (not place or None not in named):
            return depth + place
    return None


def _by_folder(source: Source, around: tuple[str, ...], split_at: int | None) -> Layout:
    depth = len(around)
    class_at = depth + (split_at == depth)
    items, reports = list[Item](), list[FileReport]()
    for entry in source.entries:
        folders = entry.parts[:-1]
        if len(folders) <= class_at or folders[:depth] != around:
            reports.append(_without_class(entry))
            continue
        part = part_of(folders[split_at]) if split_at is not None and folders[split_at:] else None
        if part is None and split_at == depth:
            reports.append(_in_no_part(entry, folders[depth]))
        else:
            items.append(Item(entry=entry, label=folders[class_at], given=part))
    inner = (folder for folder in source.folders if folder[:depth] == around)
    classes = sorted({folder[class_at] for folder in inner if len(folder) > class_at})
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
        say("The names {names} were taken as one class.", names=", ".join(sorted(found)))
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
        rows = listed.rows.get(entry.parts, ())
        if entry.place in listed.places:
            reports.append(_read_as_list(entry))
        elif not rows:
            reports.append(_not_listed(entry) if is_picture(entry) else _without_class(entry))
        elif len(rows) > 1:
            reports.append(_contradicted(entry, [row.label for row in rows]))
        else:
            items.append(Item(entry=entry, label=rows[0].label, given=rows[0].given))
    layout = _with_one_spelling(items, reports, sorted({item.label for item in items}))
    return Layout(
        items=layout.items,
        reports=layout.reports,
        classes=layout.classes,
        warnings=layout.warnings + listed.warnings,
    )


def _nameless() -> UserError:
    return UserError(
        say("The name of the class is empty."),
        expected=say("A name with at least one letter."),
        mend=say("Type a name."),
    )


def _report(entry: Entry, verdict: Verdict, error: UserError) -> FileReport:
    return FileReport(file=entry.file, verdict=verdict, reason=names.reason(error))


def _without_class(entry: Entry) -> FileReport:
    if is_picture(entry):
        what = say("The image lies in no class folder, so it belongs to no class.")
        mend = say("Put it into the folder of its class.")
    elif entry.parts[-1].lower().endswith(_ARCHIVES):
        what = say("This is an archive among other files; it was not opened.")
        mend = say("Unpack it first, or bring it in by itself.")
    else:
        what = say("This is not an image.")
        mend = say("Nothing needs to be done.")
    expected = say("One folder for each class.")
    return _report(entry, Verdict.REFUSED, UserError(what, expected=expected, mend=mend))


def _in_no_part(entry: Entry, folder: str) -> FileReport:
    error = UserError(
        say("The folder '{name}' is neither for training, validation nor test.", name=folder),
        expected=say("Folders called train, val and test."),
        mend=say("Put the image into one of these."),
    )
    return _report(entry, Verdict.REFUSED, error)


def _contradicted(entry: Entry, classes: Sequence[str]) -> FileReport:
    error = UserError(
        say("The list gives this image several classes: {names}.", names=", ".join(classes)),
        expected=say("One class for each image."),
        mend=say("Leave the line that is right, and remove the others."),
    )
    return _report(entry, Verdict.REFUSED, error)


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
