"""Pictures of more bands than colours: read them again once somebody chose what they show."""

from collections.abc import Callable, Sequence

from core.images import tiff_messages
from core.ingest import asking
from core.ingest.asking import Ask
from core.ingest.decoding.reading import Kept
from core.ingest.layouts.records import Item
from core.records import Choice, FileReport, Question
from core.records.imports import Options
from core.words import nsay, say

Read = Callable[[Sequence[Item], str], tuple[list[Kept], list[FileReport]]]


def read(
    items: Sequence[Item], options: Options, read_all: Read, ask: Ask | None
) -> tuple[list[Kept], list[FileReport], Options]:
    """Read all items; those that were refused for their bands again, if the page says so.

    From the command line nothing is asked: the reason of each refusal names the option.
    """
    kept, refused = read_all(items, options.bands)
    if ask is None or not (
        files := {r.file for r in refused if r.reason and tiff_messages.asks(r.reason)}
    ):
        return kept, refused, options
    question = _question(len(files), len(items))
    options, _ = asking.settle(options, lambda o: [question], ask)
    if options.bands != "first":
        return kept, refused, options
    more, still = read_all([item for item in items if item.entry.file in files], options.bands)
    others = [report for report in refused if report.file not in files]
    return (
        sorted([*kept, *more], key=lambda k: k.file),
        sorted([*others, *still], key=lambda r: r.file),
        options,
    )


def _question(num: int, total: int) -> Question:
    choices = (
        Choice(
            value="first",
            title=say("Take the first three bands as red, green and blue"),
            detail=say(
                "This is written down, and pictures to be named later are read in the same way."
            ),
        ),
        Choice(
            value="refuse",
            title=say("Leave them out"),
            detail=say("{num} of {total} files would be left out.", num=num, total=total),
        ),
    )
    what = nsay(
        "{num} picture has more bands than colours, as from a satellite or a microscope. What is "
        "to be done with it?",
        "{num} pictures have more bands than colours, as from a satellite or a microscope. What is "
        "to be done with them?",
        num=num,
    )
    return Question(option="bands", what=what, choices=choices, guess="refuse", note=what)
