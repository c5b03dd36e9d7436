"""What lists say, weighed against each other and against the folders."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from core import names
from core.errors import UserError
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.layouts.parts import part_of, parts_of
from core.ingest.lists import class_names, problems
from core.ingest.lists.pictures import words_of
from core.ingest.lists.records import Box, Facts, Parts, Row
from core.records import Split
from core.words import Message

_WHOLE = re.compile(r"\d+(?:\.0+)?")


@dataclass(slots=True)
class Found:
    """What all lists say of the images of a source, before anything is decided."""

    rows: dict[Parts, list[Row]] = field(default_factory=dict)  # a row for each class of an image
    boxes: dict[Parts, list[Box]] = field(default_factory=dict)
    facts: dict[Parts, Facts] = field(default_factory=dict)  # what further columns say
    said_by: dict[Parts, SourceFile] = field(
        default_factory=dict
    )  # the list of the first of the rows
    lists: list[SourceFile] = field(default_factory=list)
    marked: list[SourceFile] = field(default_factory=list)  # lists of boxes
    noted: list[SourceFile] = field(default_factory=list)  # lists that say no class, only facts
    problems: dict[SourceFile, UserError] = field(default_factory=dict)
    silent: dict[SourceFile, UserError] = field(
        default_factory=dict
    )  # what need not be a list at all
    column: str = ""  # what the column of the classes is called, if one list alone says them
    missing: int = 0  # lines that name no image
    warnings: list[Message] = field(default_factory=list)
    is_sorted: bool = False  # the images lie in folders that may be classes
    num_pictures: int = 0


def otherwise(found: Found, labelled: Sequence[tuple[Parts, Row]]) -> bool:
    """Tell whether an earlier list gives the same images classes of other names."""
    shared = [path for path, _ in labelled if path in found.rows]
    own = {names.key(row.label) for _, row in labelled}
    return 2 * len(shared) > len(labelled) and own.isdisjoint(map(names.key, classes(found)))


def classes(found: Found) -> set[str]:
    """Give the classes that lists have said so far."""
    return {row.label for rows in found.rows.values() for row in rows}


def forget(found: Found) -> list[SourceFile]:
    """Forget the lists that were read, for one that says it better."""
    lists, found.lists, found.rows, found.said_by = found.lists, [], {}, {}
    found.missing = 0
    return lists


def give_parts(found: Found) -> None:
    """Respect lists that are all called train, val or test, if they say nothing else of parts."""
    told = any(row.given for rows in found.rows.values() for row in rows)
    parts = {entry: _part(entry) for entry in found.lists}
    said = set(parts.values())
    if told or len(said) < 2 or None in said or Split.TRAIN not in said:
        return
    for path, rows in found.rows.items():
        found.rows[path] = [replace(row, given=parts.get(found.said_by[path])) for row in rows]


def _part(entry: SourceFile) -> Split | None:
    return next((part for word in words_of(entry.parts[-1]) if (part := part_of(word))), None)


def name_numbers(found: Found, source: Source) -> None:
    """Give classes that are numbers the names that a file beside the list has for them."""
    labels = classes(found)
    if len(labels) < 2 or not all(_WHOLE.fullmatch(label) for label in labels):
        return
    whole = {label: label.partition(".")[0] for label in labels}
    legend, called = class_names.find_class_names(source, set(whole.values()), found.lists)
    if legend:
        found.noted.append(legend)
    for path, rows in found.rows.items():
        numbers = [(row, whole[row.label]) for row in rows]
        found.rows[path] = [replace(row, label=called.get(n, n)) for row, n in numbers]


def weigh(found: Found, images: Sequence[SourceFile]) -> None:
    """Let folders of classes stand where lists name fewer than half of the images around them.

    Half of the images in the folders that lists speak of: a list of what is to be learned from
    says nothing of the folder of the test.
    """
    folders = {path[:-1] for path in found.rows}
    near = sum(entry.parts[:-1] in folders for entry in images)
    if 2 * len(found.rows) >= near or (len(classes(found)) > 1 and not found.is_sorted):
        return
    for entry in found.lists:
        found.problems[entry] = problems.few(entry.file, len(found.rows), near)
    forget(found)
    found.warnings = []


def are_sorted(pictures: Iterable[SourceFile]) -> bool:
    """Tell whether the pictures lie in several folders that are no parts of a split."""
    folders = {entry.parts[:-1] for entry in pictures}
    above = {folder[:-1] for folder in folders}
    parts = parts_of({folder[-1] for folder in folders if folder}) if len(above) == 1 else {}
    left = {tuple(f for f in folder if not parts.get(f, part_of(f))) for folder in folders}
    return len(left) > 1 and len([f for f in folders if not f or not parts.get(f[-1])]) > 1
