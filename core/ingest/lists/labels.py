"""The class of each image by the lists beside the images, as far as they say it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core import names
from core.errors import UserError
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.lists import gathering, headers, measures, multi_label, problems
from core.ingest.lists.records import Facts, Parts, Row
from core.ingest.lists.weighing import Found
from core.records.imports import Options
from core.words import Message, nsay

Rows = dict[Parts, tuple[Row, ...]]


@dataclass(slots=True)
class Labels:
    """What lists of labels say of the entries of a source."""

    of: Mapping[Parts, tuple[Row, ...]] = field(default_factory=dict)  # several: they contradict
    lists: Sequence[SourceFile] = ()
    are_boxes: bool = False  # they mark boxes, and say the class by that
    facts: Mapping[Parts, Facts] = field(default_factory=dict)
    noted: Collection[SourceFile] = ()  # lists that say no class of the images
    problems: Mapping[SourceFile, UserError] = field(
        default_factory=dict
    )  # lists that were not read
    silent: Sequence[UserError] = ()  # problems of tables that may be something else
    unread: Sequence[UserError] = ()  # problems of lists that seem to be meant
    warnings: tuple[Message, ...] = ()


def find_labels(
    source: Source, is_picture: Callable[[SourceFile], bool], options: Options
) -> Labels:
    """Read the lists of labels of a source, as was chosen or guessed."""
    return decided(gathering.gather(source, is_picture), options)


def decided(found: Found, options: Options) -> Labels:
    """Decide what lists say by what was chosen, or guessed, of boxes, numbers, several labels."""
    rows, lists, wrong = Rows(), list[SourceFile](), dict[SourceFile, UserError]()
    if found.rows and (options.numbers or guess_of_numbers(found)) == "refuse":
        wrong[found.lists[0]] = problems.measured(found.lists[0].file, labels_of(found)[0])
    elif found.rows:
        rows, lists = of_several(found, options.several_labels), found.lists
    elif found.boxes and options.boxes == "largest":
        rows, lists = of_boxes(found), found.marked
    elif found.boxes:
        first, others = found.marked[0], len(found.marked) - 1
        wrong[first] = problems.drawn(first.file, others, choice=is_choice(found))
    wrong |= found.problems
    read = wrong.keys() | set(lists)
    rest = (*found.noted, *found.marked, *found.lists)
    missing = (_lines_without_image(found.missing),) if rows and found.missing else ()
    return Labels(
        of=rows,
        lists=lists,
        are_boxes=not found.rows,
        facts=found.facts,
        noted=[entry for entry in rest if entry not in read],
        problems=wrong | found.silent,
        silent=tuple(found.silent.values()),
        unread=() if rows else tuple(wrong.values()),
        warnings=(*missing, *found.warnings),
    )


def labels_of(found: Found) -> list[str]:
    """Give the label of each image, as lists have it."""
    return [row.label for rows in found.rows.values() for row in rows]


def guess_of_numbers(found: Found) -> str:
    """Numbers are taken as classes, but where each image has one of its own and they have no name
    of a class."""
    labels = labels_of(found)
    named = headers.plain(found.column) in headers.LABEL
    unique = measures.are_unique(labels) and measures.are_measures(labels, found.column)
    return "refuse" if unique and not named else "classes"


def sign_of(found: Found) -> str:
    """Tell what stands between several labels of one image."""
    return multi_label.separator(set(labels_of(found)), found.column)


def guess_of_several(found: Found) -> str:
    """Each mixture in a cell is a class; an image of several lines or columns is left out."""
    return "combine" if sign_of(found) else "refuse"


def of_several(found: Found, chosen: str) -> Rows:
    """Give the class of each image, where some have several labels."""
    sign, chosen = sign_of(found), chosen or guess_of_several(found)
    spelled = multi_label.spelled_once(labels_of(found), sign)
    decided = Rows()
    for path, rows in found.rows.items():
        parts = [part for row in rows for part in multi_label.split(row.label, sign)]
        unique = {names.key(part): part for part in reversed(parts)}
        if len(unique) < 2:
            taken = [parts[0] if parts else rows[0].label]
        elif chosen == "combine" and len(rows) == 1:
            taken = [spelled[multi_label.mixture(rows[0].label, sign)]]
        elif chosen == "combine":
            taken = [multi_label.together([*unique.values()][::-1])]
        else:
            taken = [*unique.values()][::-1][: 1 if chosen == "first" else None]
        decided[path] = tuple(replace(rows[0], label=label) for label in taken)
    return decided


def of_boxes(found: Found) -> Rows:
    """Give the class of the largest box, where all boxes of an image agree."""
    decided = Rows()
    for path, boxes in found.boxes.items():
        ordered = sorted(boxes, key=lambda box: -box.area)
        labels = dict.fromkeys(box.label for box in ordered if box.label)
        if labels:
            decided[path] = tuple(Row("/".join(path), label) for label in labels)
    return decided


def is_choice(found: Found) -> bool:
    """Tell whether boxes could say the class: most images have those of one, and not all alike."""
    rows = [rows for rows in of_boxes(found).values() if rows]
    agreed = [rows[0].label for rows in rows if len(rows) == 1]
    return len(set(agreed)) > 1 and 2 * len(agreed) >= len(rows)


def _lines_without_image(missing: int) -> Message:
    return nsay(
        "{num} line of the list of labels names no image that is there.",
        "{num} lines of the list of labels name no image that is there.",
        num=missing,
    )
