"""Which class each file belongs to: class folders, train and test folders, or a list of labels."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from core import names, natural
from core.errors import UserError
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.layouts import file_reports, folders, levels
from core.ingest.layouts.folders import is_picture
from core.ingest.layouts.parts import part_of, parts_of
from core.ingest.layouts.records import Item, Layout
from core.ingest.lists import labels, questions as list_questions
from core.ingest.lists.problems import as_warning
from core.ingest.lists.records import Row
from core.records import FileReport, Question, Split
from core.records.imports import Options
from core.words import Message, enumeration, say


def label_questions(
    source: Source, options: Options, known: Collection[str] = ()
) -> tuple[Question, ...]:
    """Ask what only the user can know of a source; ``known`` are classes that there are already."""
    if options.label or options.labels:
        return ()
    asked = list_questions.of(source, is_picture, options)
    if any(not getattr(options, question.option) for question in asked):
        return asked
    if labels.find_labels(source, is_picture, options).lists:
        return ()
    return levels.questions(
        levels.find_levels(source.entries, folders.find_folders(source.entries)), known
    )


def understand(source: Source, options: Options = Options()) -> Layout:  # noqa: B008 - frozen
    """Find the class of every file; with a label all of them are of that class.

    Raises `UserError` where no classes can be told.
    """
    if options.labels:
        return _as_marked(source, dict(options.labels))
    if options.label:
        name = names.clean(options.label)[: names.MAX_NAME]
        if not name:
            raise _nameless()
        items = tuple(Item(entry=entry, label=name) for entry in source.entries)
        return Layout(items=items, reports=(), classes=(name,))
    listed = labels.find_labels(source, is_picture, options)
    found = _with_facts(by_folder(source, options.classes), listed)
    if listed.lists:
        return _chosen(_by_list(source, listed), found, listed)
    problems = (*listed.unread, *listed.silent)
    if problems and len({i.label for i in found.items if is_picture(i.entry)}) == 1:
        raise problems[0]
    if found.classes and all(parts_of(found.classes).values()):
        raise problems[0] if listed.unread else _parts_only(found.classes)
    if listed.unread and not any(is_picture(i.entry) for i in found.items):
        raise problems[0]
    warnings = (
        *_part_as_class(found),
        *levels.unsorted(found.classes),
        *map(as_warning, listed.unread),
    )
    return replace(found, warnings=(*found.warnings, *warnings))


def _as_marked(source: Source, labels: Mapping[str, str]) -> Layout:
    """Take each file as what a person has said that it is."""
    known = [entry for entry in source.entries if entry.file in labels]
    items = [Item(entry=entry, label=names.clean(labels[entry.file])) for entry in known]
    return _with_one_spelling(items, (), {item.label for item in items})


def _chosen(by_list: Layout, by_folder: Layout, listed: labels.Labels) -> Layout:
    """Choose between lists and the folders of classes that there are as well, and say so."""
    folder_of = {item.entry.parts: item.label for item in by_folder.items}
    pairs = {(folder_of.get(item.entry.parts, ""), item.label) for item in by_list.items}
    given, classes = {folder for folder, _ in pairs}, {label for _, label in pairs}
    if len(given) < 2 or "" in given or all(parts_of(given).values()):
        return by_list
    lists = enumeration([*(e.file for e in listed.lists[:3]), *["…"] * (len(listed.lists) > 3)])
    if len(classes) == 1:
        said = say(
            "'{file}' gives every image the class '{name}'; the folders were taken as classes.",
            file=lists,
            name=classes.pop(),
        )
        return replace(by_folder, warnings=(*by_folder.warnings, said))
    if len(pairs) == len(given) == len(classes):  # two names for the same thing
        return by_folder if all(label.isdecimal() for label in classes) else by_list
    said = say("The classes were read from '{file}', not from the folders.", file=lists)
    return replace(by_list, warnings=(*by_list.warnings, said))


def by_folder(source: Source, chosen: str) -> Layout:
    """Take the folders for what each image is; ``chosen``: which level of them."""
    found = folders.find_folders(source.entries)
    known = levels.find_levels(source.entries, found)
    level = known.level(chosen)
    others = known.others(level)
    items, reports = list[Item](), list[FileReport]()
    for entry in source.entries:
        above = entry.parts[:-1]
        path, part = found.path(above), found.part(above)
        if (
            found.is_above
            and part is None
            and above[len(found.around) :]
            and (path or is_picture(entry))
        ):
            reports.append(file_reports.in_no_part(entry, above[len(found.around)]))
        elif len(path) <= level:
            reports.append(file_reports.without_class(entry))
        else:
            other = "/".join(path[index] for index in others if index < len(path))
            items.append(Item(entry=entry, label=path[level], given=part, above=other))
    inner = (found.path(folder) for folder in source.folders)
    layout = _with_one_spelling(items, reports, {p[level] for p in inner if len(p) > level})
    return replace(layout, warnings=(*layout.warnings, *levels.warnings(known, level)))


def _with_facts(layout: Layout, listed: labels.Labels) -> Layout:
    """Add what lists say of the images that lie in class folders, and what became of the lists."""
    told = _told(listed)
    items = (i for i in layout.items if i.entry.parts not in told)
    rest = (r for r in layout.reports if tuple(r.file.split("/")) not in told)
    return replace(
        layout,
        items=tuple(replace(i, facts=listed.facts.get(i.entry.parts, ())) for i in items),
        reports=(*rest, *told.values()),
    )


def _told(listed: labels.Labels) -> dict[tuple[str, ...], FileReport]:
    """Report what became of the lists, by their paths."""
    noted = {entry.parts: file_reports.read_for_facts(entry) for entry in listed.noted}
    wrong = {e.parts: file_reports.not_read(e, error) for e, error in listed.problems.items()}
    return noted | wrong | {entry.parts: file_reports.read_as_list(entry) for entry in listed.lists}


def _with_one_spelling(
    items: Sequence[Item], reports: Sequence[FileReport], classes: Collection[str]
) -> Layout:
    """Make one class of ``Cats`` and ``cats``: the spelling that most files have."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        spellings[names.key(item.label)][item.label] += 1
    best = {key: min(found, key=lambda s: (-found[s], s)) for key, found in spellings.items()}
    merged = tuple(replace(item, label=best[names.key(item.label)]) for item in items)
    warnings = tuple(
        say("The names {names} were taken as one class.", names=enumeration(sorted(found)))
        for found in spellings.values()
        if len(found) > 1
    )
    shown = {best.get(names.key(name), name) for name in classes}
    return Layout(
        items=merged,
        reports=tuple(reports),
        classes=tuple(sorted(shown, key=natural.sort_key)),
        warnings=warnings,
    )


def _by_list(source: Source, listed: labels.Labels) -> Layout:
    items, reports, told = list[Item](), list[FileReport](), _told(listed)
    for entry in source.entries:
        rows = listed.of.get(entry.parts, ())
        if entry.parts in told:
            reports.append(told[entry.parts])
        elif not rows:
            reports.append(
                file_reports.not_listed(entry)
                if is_picture(entry)
                else file_reports.without_class(entry)
            )
        elif len(rows) > 1:
            reports.append(_contradicted(entry, rows, listed))
        else:
            facts = listed.facts.get(entry.parts, ())
            items.append(Item(entry=entry, label=rows[0].label, given=rows[0].given, facts=facts))
    items = given_by_folders(items, reports)
    layout = _with_one_spelling(items, reports, {item.label for item in items})
    return replace(layout, warnings=(*layout.warnings, *listed.warnings))


def _contradicted(entry: SourceFile, rows: Sequence[Row], listed: labels.Labels) -> FileReport:
    classes = [row.label for row in rows]
    return file_reports.contradicted(entry, classes, are_boxes=listed.are_boxes)


def given_by_folders(items: list[Item], reports: list[FileReport]) -> list[Item]:
    """Respect folders of train, validation and test, if the list itself names no parts.

    What lies beside them is in no part, and reported; more of it than in the parts is divided.
    """
    above = {folder for item in items for folder in item.entry.parts[:-1]}
    parts = {folder: part for folder in above if (part := part_of(folder))}
    given = [next((parts[f] for f in item.entry.parts[:-1] if f in parts), None) for item in items]
    listed = any(item.given for item in items)
    if listed or Split.TRAIN not in given or len({*given} - {None}) < 2:
        return items
    rows = [replace(item, given=part) for item, part in zip(items, given, strict=True)]
    if 2 * given.count(None) >= len(given):
        return rows
    beside = (item.entry for item in rows if not item.given)
    reports.extend(file_reports.in_no_part(entry, "/".join(entry.parts[-2:-1])) for entry in beside)
    return [item for item in rows if item.given]


def _parts_only(folders: Sequence[str]) -> UserError:
    return UserError(
        say(
            "The folders are parts of a data set, not classes: {names}.", names=enumeration(folders)
        ),
        expected=say(
            "In each of them one folder for each class, or beside them a list (CSV) that gives "
            "each image its class."
        ),
        mend=say("Sort the images into a folder for each class."),
    )


def _part_as_class(layout: Layout) -> tuple[Message, ...]:
    """Warn of a class that is called 'train' and has folders in it."""
    ambiguous = {
        item.label
        for item in layout.items
        if part_of(item.label) and item.label in item.entry.parts[:-2]
    }
    return tuple(
        say(
            "'{name}' was taken as a class. If it is a part of the data set, put the folders "
            "beside it into train, val or test.",
            name=name,
        )
        for name in sorted(ambiguous, key=natural.sort_key)
    )


def _nameless() -> UserError:
    return UserError(
        say("The name of the class is empty."),
        expected=say("A name with at least one letter."),
        mend=say("Type a name."),
    )
