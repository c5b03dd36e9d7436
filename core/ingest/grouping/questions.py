"""The question which images belong together, and what is said where nobody can be asked."""

import shlex
from collections.abc import Sequence
from dataclasses import replace

from core.ingest.decoding.reading import Kept
from core.ingest.grouping import candidates, rules
from core.ingest.grouping.candidates import Candidate
from core.records import Choice, Question
from core.records.imports import Options
from core.words import Message, enumeration, nsay, say

NONE = "none"
_SHOWN = 3  # files of an example


def questions(kept: Sequence[Kept]) -> tuple[Question, ...]:
    """Propose what seems to belong together, if anything does."""
    found = candidates.find(kept)
    if not found:
        return ()
    question = Question(
        option="group_by",
        what=say(
            "Which images show the same thing? Where some of them are learned and others tested, "
            "the score looks better than it is."
        ),
        choices=(_apart(), *(_choice(candidate, kept) for candidate in found)),
        guess=NONE,
        note=_note(found[0], kept),
    )
    return (question,)


def _apart() -> Choice:
    return Choice(
        value=NONE,
        title=say("None: each image is of something else"),
        detail=say("Only copies of one photo and bursts of the webcam are kept together."),
    )


def _choice(candidate: Candidate, kept: Sequence[Kept]) -> Choice:
    return Choice(value=candidate.way, title=_title(candidate), detail=_detail(candidate, kept))


def _title(candidate: Candidate) -> Message:
    shared = rules.described(candidate.way) or ""
    return say("Images with {shared}", shared=shared)


def _detail(candidate: Candidate, kept: Sequence[Kept]) -> Message:
    return nsay(
        "{num} group, such as {example}",
        "{num} groups, such as {example}",
        num=candidate.figures.named,
        example=_example(candidate, kept),
    )


def _example(candidate: Candidate, kept: Sequence[Kept]) -> Message:
    """Name a few files of one group, after what they share where their names do not tell it."""
    images = [kept[index] for index in candidate.figures.example()]
    more = ["…"] * (len(images) > _SHOWN)
    shown = enumeration([*(k.file.rpartition("/")[2] for k in images[:_SHOWN]), *more])
    called = rules.called(images[0], candidate.way)
    return say("{called}: {shown}", called=called, shown=shown) if called else shown


def _note(candidate: Candidate, kept: Sequence[Kept]) -> Message:
    return nsay(
        "Images that may show the same thing can be on both sides of the split, which makes scores "
        "too good: {shared}, {num} group, such as {example}. To keep them together: {option}",
        "Images that may show the same thing can be on both sides of the split, which makes scores "
        "too good: {shared}, {num} groups, such as {example}. To keep them together: {option}",
        shared=rules.described(candidate.way) or "",
        num=candidate.figures.named,
        example=_example(candidate, kept),
        option=f"--group-by {shlex.quote(candidate.way)}",
    )


def possible(kept: Sequence[Kept], options: Options) -> tuple[Options, tuple[Message, ...]]:
    """Give up a way to group images that would leave nothing to divide, and say why."""
    if options.group_by in ("", NONE) or options.dataset_id:  # they join groups that are there
        return options, ()
    reason = candidates.figures_of(kept, options.group_by).obstacle()
    if reason is None:
        return options, ()
    shared = rules.described(options.group_by) or ""
    said = say("Images with {shared} are not kept together: {why}.", shared=shared, why=reason)
    return replace(options, group_by=NONE), (said,)
