"""Images whose numbers a list or their folders tell: they can judge a run of numbers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core import names
from core.batch_predictions import summary
from core.errors import UserError
from core.ingest import numbering
from core.ingest.archives import sources
from core.ingest.archives.sources import Source
from core.ingest.layouts.folders import is_picture
from core.judging.numbers import answering, scoring
from core.records import LearnedTarget, NumberScore, Prediction
from core.records.batches import BatchRow
from core.records.imports import COLUMN, Options
from core.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNumbers:
    """The numbers of the images of a source, by their paths inside; the others have none."""

    numbers: Mapping[str, float]
    others: tuple[str, ...] = ()  # pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersJudged:
    """How near a model is on images whose numbers are known."""

    score: NumberScore | None  # None: of no image
    num_ranges: int = 0  # images that were answered with a range; one that is a guess has none
    inside: int = 0  # of these, images whose number lies within it
    num_known: int = 0  # images of the model's own data set: not counted
    num_other: int = 0  # images without a number: not counted


def read(path: Path, target: LearnedTarget) -> KnownNumbers:
    """Read the numbers of the images of a folder, or of those that a list names.

    Raises `UserError` where there are none.
    """
    if not path.exists():
        raise _not_there(path)
    if path.is_dir():
        return find(sources.folder(path), target)
    source = sources.folder(path.parent)
    told = names.clean(path.name)
    kept = tuple(e for e in source.entries if is_picture(e) or e.parts == (told,))
    listed = Source(entries=kept, reports=source.reports, folders=source.folders, read=source.read)
    return KnownNumbers(numbers=_by_list(listed, target).numbers)  # others are not asked about


def find(source: Source, target: LearnedTarget) -> KnownNumbers:
    """Take the column that the model learned of a list beside the images; else their folders.

    Raises `UserError` where neither gives numbers.
    """
    try:
        if target.name:
            return _by_list(source, target)
    except UserError:
        if not any(len(entry.parts) > 1 for entry in source.entries):
            raise
    return _laid_out(source, target, numbering.FOLDER)


def _by_list(source: Source, target: LearnedTarget) -> KnownNumbers:
    if not target.name:
        raise _no_column()
    return _laid_out(source, target, f"{COLUMN}{target.name}")


def _laid_out(source: Source, target: LearnedTarget, option: str) -> KnownNumbers:
    layout = numbering.read_layout(source, Options(target=option))
    unit = layout.target.unit if layout.target else ""
    if unit and target.unit and unit != target.unit:
        raise _other_unit(unit, target.unit)
    items = [item for item in layout.items if is_picture(item.entry)]
    found = {item.entry.file: float(item.label) for item in items}
    pictures = (entry.file for entry in source.entries if is_picture(entry))
    return KnownNumbers(numbers=found, others=tuple(file for file in pictures if file not in found))


def judge(
    answers: Sequence[Prediction],
    true: Sequence[float],
    target: LearnedTarget,
    groups: Sequence[str] = (),
) -> NumbersJudged:
    """Set answers, of which none is a problem, beside the truth."""
    if not answers:
        return NumbersJudged(score=None)
    said = np.array([answer.number or 0.0 for answer in answers])
    score = scoring.score(np.array(true), said, groups or [""] * len(said), mean=target.mean)
    held = [
        answer.low <= number <= answer.high
        for answer, number in zip(answers, true, strict=True)
        if answer.low is not None and answer.high is not None
        if not answering.is_beyond(answer, target)
    ]
    return NumbersJudged(score=score, num_ranges=len(held), inside=sum(held))


def judge_rows(
    rows: Sequence[BatchRow], target: LearnedTarget, known_images: Collection[str]
) -> NumbersJudged | None:
    """Judge the answers of a batch; None where the number of no image is known.

    Images of ``known_images``, by their contents, are not counted.
    """
    answered = [row for row in rows if row.answer.number is not None]
    told = [row for row in answered if row.true is not None]
    if not told:
        return None
    new = [row for row in told if row.content not in known_images]
    true = [row.true for row in new if row.true is not None]
    found = judge([row.answer for row in new], true, target, summary.groups(new) or ())
    return replace(found, num_known=len(told) - len(new), num_other=len(answered) - len(told))


def _not_there(path: Path) -> UserError:
    return UserError(
        say("'{path}' is not there.", path=str(path)),
        expected=say("A folder of images with a list of their numbers, or that list itself."),
        mend=say("Check how it is written."),
    )


def _no_column() -> UserError:
    return UserError(
        say("The model learned the numbers that folders are called by, so no column is its own."),
        expected=say("A folder in which each folder is called by the number of its images."),
        mend=say("Put the images into such folders."),
    )


def _other_unit(unit: str, learned: str) -> UserError:
    return UserError(
        say("The numbers here are in {unit}, and the model answers in {learned}.",
            unit=unit, learned=learned),
        expected=say("Numbers in the unit that the model learned."),
        mend=say("Convert them in the list, then try again."),
    )  # fmt: skip
