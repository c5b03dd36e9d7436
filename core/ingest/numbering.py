"""Numbers instead of classes: which are to be learned, and the number of each image."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from core import names
from core.errors import UserError
from core.ingest import labelling
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.layouts import file_reports
from core.ingest.layouts.folders import is_picture
from core.ingest.layouts.records import Item, Layout
from core.ingest.lists import labels, measures, numbers, targets
from core.ingest.lists.numbers import NumberCells
from core.ingest.lists.records import Row
from core.ingest.lists.targets import ListedNumbers
from core.judging.numbers import written
from core.records import Choice, FileReport, Question, Target
from core.records.imports import COLUMN, Options
from core.words import Message, enumeration, nsay, say

_LEAST_FOLDERS = 3  # called by numbers, before it is asked what they are
_SHOWN = 3


def questions(
    source: Source, options: Options, known: Collection[str] = ()
) -> tuple[Question, ...]:
    """Ask what only the user can know: first whether numbers are to be learned, then the rest."""
    if options.label or options.labels or options.predicts_number:
        return ()
    asked = () if options.dataset_id or options.target else _target_questions(source)
    return asked or labelling.label_questions(source, _as_classes(options), known)


def read_layout(source: Source, options: Options) -> Layout:
    """Find the class of every file, or its number. Raises `UserError` where none can be told."""
    if not options.predicts_number:
        return labelling.understand(source, _as_classes(options))
    if options.label or options.labels:
        layout = labelling.understand(source, options)
        return _numbered(layout, Target(name=_column(options)))
    if options.target == FOLDER:
        layout = labelling.by_folder(source, options.classes)
        return _numbered(layout, Target(name=""))
    column = targets.find(source, is_picture, _column(options))
    return _numbered(_listed(source, column), Target(name=column.name))


FOLDER = "folder"  # in place of a column: the names of the folders are the numbers


def _column(options: Options) -> str:
    return "" if options.target == FOLDER else options.target.removeprefix(COLUMN)


def _as_classes(options: Options) -> Options:
    """Take numbers for classes without a further question, where that was answered."""
    told = options.target and not options.numbers
    return replace(options, numbers="classes") if told else options


def _target_questions(source: Source) -> tuple[Question, ...]:
    columns = targets.offered(source, is_picture)
    shown = [_choice(column) for column in columns]
    if not shown and not labels.find_labels(source, is_picture, Options()).lists:
        shown = _folder_choices(source)
    if not shown:
        return ()
    what = say("Is a model to learn a number here, or classes?")
    classes = Choice(
        value="classes",
        title=say("Classes: each picture is a kind of thing"),
        detail=say("Numbers that are names, such as the digits 0 to 9, are classes too."),
    )
    return (Question(option="target", what=what, choices=(classes, *shown), guess="classes",
                     note=what),)  # fmt: skip


def _choice(column: ListedNumbers) -> Choice:
    told = numbers.read_cells([row.label for _, row in column.rows])
    return Choice(
        value=f"{COLUMN}{column.name}",
        title=say("The number in the column '{column}'", column=column.name),
        detail=_span(told),
    )


def _folder_choices(source: Source) -> list[Choice]:
    layout = labelling.by_folder(source, "")
    called = sorted({item.label for item in layout.items if is_picture(item.entry)})
    told = numbers.read_cells(called)
    if len(called) < _LEAST_FOLDERS or len(told.there) < len(called):
        return []
    title = say("The number that each folder is called by")
    return [Choice(value=FOLDER, title=title, detail=_span(told))]


def _span(told: NumberCells) -> Message:
    low, high = written.plain(min(told.there)), written.plain(max(told.there))
    if told.unit:
        return say("From {low} to {high} {unit}", low=low, high=high, unit=told.unit)
    return say("From {low} to {high}", low=low, high=high)


def _listed(source: Source, column: ListedNumbers) -> Layout:
    """Give each image that the list names its cell; a second line with another cell contradicts."""
    rows = dict[tuple[str, ...], list[Row]]()
    for path, row in column.rows:
        rows.setdefault(path, []).append(row)
    items, reports = list[Item](), list[FileReport]()
    for entry in source.entries:
        found = rows.get(entry.parts, [])
        cells = dict.fromkeys(row.label for row in found)
        if entry == column.list:
            reports.append(file_reports.read_as_list(entry))
        elif not is_picture(entry):
            reports.append(file_reports.without_class(entry))
        elif not found:
            reports.append(file_reports.not_listed(entry))
        elif len(cells) > 1:
            reports.append(_contradicted(entry, list(cells)))
        else:
            [cell], row = cells, found[0]
            items.append(Item(entry=entry, label=cell, given=row.given, facts=row.facts))
    items = labelling.given_by_folders(items, reports)
    return Layout(items=tuple(items), reports=tuple(reports), classes=())


def _numbered(layout: Layout, target: Target) -> Layout:
    """Read the labels as numbers. Raises `UserError` where hardly any image has one."""
    told = numbers.read_cells([item.label for item in layout.items])
    rows = list(zip(layout.items, told.numbers, told.reasons, strict=True))
    items = tuple(
        replace(item, label=written.plain(number)) for item, number, _ in rows if number is not None
    )
    refused = [_refused(item.entry, reason) for item, _, reason in rows if reason is not None]
    if not any(is_picture(item.entry) for item in items):
        raise _no_numbers(target.name, [item.label for item, _, reason in rows if reason])
    warnings = (*layout.warnings, *filter(None, [told.note, _missing(refused, layout)]))
    return Layout(
        items=items,
        reports=(*layout.reports, *refused),
        classes=(),
        warnings=warnings,
        target=replace(target, unit=told.unit or measures.unit_in(target.name)),
    )


def _refused(entry: SourceFile, reason: Message) -> FileReport:
    what = reason if is_picture(entry) else say("This is not an image.")
    error = UserError(
        what,
        expected=say("One number for each image."),
        mend=say("Write its number into the list, or leave the image out."),
    )
    return file_reports.refused(entry, error)


def _missing(refused: Sequence[FileReport], layout: Layout) -> Message | None:
    pictures = {item.entry.file for item in layout.items if is_picture(item.entry)}
    num = sum(report.file in pictures for report in refused)
    if not num:
        return None
    return nsay(
        "{num} image has no number that can be read, and was left out.",
        "{num} images have no number that can be read, and were left out.",
        num=num,
    )


def _contradicted(entry: SourceFile, cells: Sequence[str]) -> FileReport:
    error = UserError(
        say("The list gives this image several numbers: {names}.", names=enumeration(cells)),
        expected=say("One number for each image."),
        mend=say("Leave one of them in the list, and remove the others."),
    )
    return file_reports.refused(entry, error)


def _no_numbers(name: str, cells: Sequence[str]) -> UserError:
    example = names.clean(Counter(cells).most_common(1)[0][0]) if cells else ""
    expected = say("A number for each image, such as 12, 3.5 or -0.7.")
    if name:
        return UserError(
            say("The column '{column}' holds no numbers: '{cell}'.", column=name, cell=example),
            expected=expected,
            mend=say(
                "Write each as one number (a time in minutes, a date as a year, of a range its "
                "middle), choose another column, or bring the images in as classes."
            ),
        )
    return UserError(
        say("The folders are not called by numbers: '{cell}'.", cell=example),
        expected=expected,
        mend=say(
            "Call each folder by one number (of a range its middle), or bring the images in as "
            "classes."
        ),
    )
