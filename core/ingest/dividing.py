"""Divide what was read into training, validation and test."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from core import duplicates, split_warnings, splits
from core.errors import UserError
from core.ingest.building import Findings
from core.ingest.options import Options
from core.ingest.reading import Kept
from core.records import FileReport, ImageRecord, Question, Split, Verdict
from core.words import Message, nsay, say

_RANKS = {None: 0, Split.TRAIN: 1, Split.VALIDATION: 2, Split.TEST: 3}
_JUDGING = {Split.VALIDATION, Split.TEST}
BLOCKS = 7  # of a burst that is all there is: 70/15/15 in the order of the frames
_DIGITS = re.compile(r"(\d+)")


def divide(
    kept: Sequence[Kept], *, seed: int, group_by: str = ""
) -> tuple[tuple[ImageRecord, ...], tuple[Message, ...]]:
    """Group and split what was kept; give the images and warnings."""
    groups = _groups(kept, group_by)
    labels = [k.label for k in kept]
    given = _respected([k.given for k in kept])
    parts = splits.assign(labels, groups, seed=seed, given=given)
    warnings: tuple[Message, ...] = ()
    if Split.VALIDATION not in parts and len(kept) >= len(splits.PARTS):
        blocks = _in_blocks(kept, groups)
        divided = splits.assign(labels, blocks, seed=seed, given=given)
        warnings = (split_warnings.UNDIVIDED,)
        if Split.VALIDATION in divided:
            groups, parts, warnings = blocks, divided, (split_warnings.WHOLE_BURSTS,)
    rows = zip(kept, parts, groups, strict=True)
    images = tuple(image_of(k, split=part, group=group) for k, part, group in rows)
    return images, (*warnings, *split_warnings.of(images))


def questions(kept: Sequence[Kept], options: Options) -> tuple[Question, ...]:
    """Ask what only the user can know of images that may belong together."""
    return ()


def outranked(
    contents: Sequence[str], signatures: Sequence[str], given: Sequence[Split | None]
) -> dict[int, int]:
    """Find images whose photo was also given to a stricter part, each with one such place.

    Test is stricter than validation, and validation than training: what is judged with must not
    have been seen.
    """
    if len({*given} - {None}) < 2:
        return {}
    ranks = [_RANKS[part] for part in given]
    found: dict[int, int] = {}
    for group in duplicates.same_photos(contents, signatures):
        strictest = max(group, key=lambda place: ranks[place])
        found |= {place: strictest for place in group if 0 < ranks[place] < ranks[strictest]}
    return found


def set_aside(found: Findings) -> Findings:
    """Keep a given split honest: leave out copies of what is for validation or test, and say so."""
    kept = found.kept
    copies = outranked(
        [k.content for k in kept], [k.signature for k in kept], [k.given for k in kept]
    )
    if not copies:
        return found
    learned = [place for place, k in enumerate(kept) if k.given not in _JUDGING]
    if learned and copies.keys() >= set(learned):
        raise _nothing_to_learn(len(learned))
    reports = [_aside(kept[place], kept[copy]) for place, copy in copies.items()]
    warning = nsay(
        "{num} image was set aside: the same photo, or nearly, is for validation or test.",
        "{num} images were set aside: the same photos, or nearly, are for validation or test.",
        num=len(copies),
    )
    return replace(
        found,
        kept=tuple(k for place, k in enumerate(kept) if place not in copies),
        reports=(*found.reports, *reports),
        warnings=(*found.warnings, warning),
    )


def _aside(kept: Kept, copy: Kept) -> FileReport:
    if copy.given is Split.TEST:
        reason = say("Set aside: it is the test image {file}, or nearly.", file=copy.file)
    else:
        reason = say("Set aside: it is the validation image {file}, or nearly.", file=copy.file)
    return FileReport(file=kept.file, verdict=Verdict.REFUSED, label=kept.label, reason=reason)


def _nothing_to_learn(count: int) -> UserError:
    return UserError(
        nsay(
            "The only image for training is also there for validation or test.",
            "All {num} images for training are also there for validation or test.",
            num=count,
        ),
        expected=say("Images for training that are in no other part."),
        mend=say("Bring in one of these folders alone: Thaw then divides its images itself."),
    )


def image_of(kept: Kept, *, split: Split, group: str) -> ImageRecord:
    """Make the record of one accepted file."""
    return ImageRecord(
        content=kept.content,
        file=kept.file,
        label=kept.label,
        split=split,
        stored=kept.stored,
        width=kept.width,
        height=kept.height,
        group=group,
    )


def _groups(kept: Sequence[Kept], group_by: str) -> list[str]:
    contents, looks = [k.content for k in kept], [k.signature for k in kept]
    bound = duplicates.bound_groups([k.file for k in kept], contents, looks, group_by)
    return duplicates.group_names(contents, bound)


def _respected(parts: Sequence[Split | None]) -> list[Split | None]:
    """Respect a given split; where it lacks a part, that is taken from its training images."""
    lacking = {Split.VALIDATION, Split.TEST} - set(parts)
    return [None if lacking and part is Split.TRAIN else part for part in parts]


def _in_blocks(kept: Sequence[Kept], groups: Sequence[str]) -> list[str]:
    """Cut every group into consecutive blocks; equal pixels stay in one block."""
    members: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        if group:
            members[group].append(place)
    found = list(groups)
    for group, places in members.items():
        contents = dict.fromkeys(kept[p].content for p in sorted(places, key=_order(kept)))
        block = {c: n * BLOCKS // len(contents) for n, c in enumerate(contents)}
        for place in places:
            found[place] = f"{group}-{block[kept[place].content]}"
    return found


def _order(kept: Sequence[Kept]) -> Callable[[int], list[tuple[int, str]]]:
    """Sort frames by the numbers in their names: 2 comes before 10."""

    def numbered(place: int) -> list[tuple[int, str]]:
        pieces = _DIGITS.split(kept[place].file)
        return [(int(p), "") if p.isdecimal() else (0, p) for p in pieces]

    return numbered
