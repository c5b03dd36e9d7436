"""What only the user can know of lists: several labels, numbers that measure, boxes."""

from collections import Counter
from collections.abc import Callable, Mapping

from core.ingest.archives.sources import Source, SourceFile
from core.ingest.lists import gathering, labels, measures, multi_label
from core.ingest.lists.records import Parts, Row
from core.ingest.lists.weighing import Found
from core.records import Choice, Question
from core.records.imports import Options
from core.words import Message, enumeration, nsay, say

_SHARE, _LEAST = 0.1, 3  # of the images, and images at least, that lists give several labels
_SHOWN = 5  # classes of a choice


def of(
    source: Source, is_picture: Callable[[SourceFile], bool], options: Options
) -> tuple[Question, ...]:
    """Ask about lists of labels that can be read in more than one way."""
    found = gathering.gather(source, is_picture)
    if not found.rows:
        many = not found.is_sorted or 2 * len(found.boxes) >= found.num_pictures
        return _boxes(found) if found.boxes and many and labels.is_choice(found) else ()
    values = labels.labels_of(found)
    if measures.are_measures(values, found.column):
        return _numbers(found)
    return _several(found) if _have_several(found) else ()


def _have_several(found: Found) -> bool:
    sign = labels.sign_of(found)
    if any(
        len(multi_label.split(row.label, sign)) > 1 for rows in found.rows.values() for row in rows
    ):
        return True
    count = sum(len(rows) > 1 for rows in found.rows.values())
    return count >= max(_LEAST, _SHARE * len(found.rows))


def _several(found: Found) -> tuple[Question, ...]:
    sign, file = labels.sign_of(found), found.lists[0].file
    many = (rows for rows in found.rows.values() for row in rows if _is_many(rows, row, sign))
    example = next(multi_label.together([row.label for row in rows]) for rows in many)
    guess = labels.guess_of_several(found)
    titles = {
        "first": say("The first of them"),
        "combine": say("All of them together, as a class of their own"),
        "refuse": say("Leave out the images with several labels"),
    }
    taken = {
        "first": say("the first was taken"),
        "combine": say("all of them together were taken as a class of their own"),
        "refuse": say("these images were left out"),
    }
    question = Question(
        option="several_labels",
        what=say(
            "'{file}' gives some images several labels, such as '{example}'. A model learns one "
            "class for each image: which?",
            file=file,
            example=example,
        ),
        choices=tuple(
            Choice(value=value, title=title, detail=_counts(labels.of_several(found, value)))
            for value, title in titles.items()
        ),
        guess=guess,
        note=say(
            "'{file}' gives some images several labels, such as '{example}'; {taken}. "
            "--several-labels first, combine or refuse says which is meant.",
            file=file,
            example=example,
            taken=taken[guess],
        ),
    )
    return (question,)


def _is_many(rows: list[Row], row: Row, sign: str) -> bool:
    return len(rows) > 1 or len(multi_label.split(row.label, sign)) > 1


def _numbers(found: Found) -> tuple[Question, ...]:
    file, numbers = found.lists[0].file, Counter(labels.labels_of(found))
    example = enumeration(sorted(numbers, key=lambda n: measures.value(n) or 0.0)[:3])
    question = Question(
        option="numbers",
        what=say(
            "'{file}' gives each image a number: {example} … Are these classes, or measurements?",
            file=file,
            example=example,
        ),
        choices=(
            Choice(
                value="classes",
                title=say("Classes: each number is a kind of thing"),
                detail=_counts(labels.of_several(found, "")),
            ),
            Choice(
                value="refuse",
                title=say("Measurements: do not learn from them"),
                detail=say(
                    "No class is read from them. With --target and the name of their column a "
                    "model learns the numbers themselves."
                ),
            ),
        ),
        guess=labels.guess_of_numbers(found),
        note=say(
            "'{file}' gives each image a number that may be a measurement ({example} …); each was "
            "taken as a class. --numbers refuse says that they are none.",
            file=file,
            example=example,
        ),
    )
    return (question,)


def _boxes(found: Found) -> tuple[Question, ...]:
    file = found.marked[0].file
    refuse = say("Stop: this is for detection, which Thaw does not learn")
    if found.is_sorted:
        refuse = say("Take the folders as the classes")
    question = Question(
        option="boxes",
        what=say(
            "'{file}' marks boxes in the images, and says no class of a whole image. What is the "
            "class of an image?",
            file=file,
        ),
        choices=(
            Choice(
                value="largest",
                title=say("The class of its largest box, where all its boxes agree"),
                detail=_counts(labels.of_boxes(found)),
            ),
            Choice(value="refuse", title=refuse),
        ),
        guess="refuse",
        note=say(
            "'{file}' marks boxes in the images, which were not read; --boxes largest takes the "
            "class of the largest box.",
            file=file,
        ),
    )
    return (question,)


def _counts(rows: Mapping[Parts, tuple[Row, ...]]) -> Message:
    """Say the classes and how many images each has, the largest first."""
    counts = Counter(found[0].label for found in rows.values() if len(found) == 1)
    largest = counts.most_common(_SHOWN)
    shown = enumeration([say("{name} ({num})", name=name, num=count) for name, count in largest])
    more = len(counts) - _SHOWN
    if not counts:
        return say("No image is left.")
    if more > 0:
        return nsay("{shown} and {num} more", "{shown} and {num} more", shown=shown, num=more)
    return shown
