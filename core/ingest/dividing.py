"""Divide what was read into training, validation and test."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.datasets import duplicates, split_warnings, splits
from core.datasets.numbered import strata
from core.ingest.decoding.reading import Kept
from core.ingest.grouping import questions, rules
from core.records import ImageRecord, Question, Split, Target
from core.records.imports import Options
from core.words import Message

BLOCKS = 7  # of a burst that is all there is: 70/15/15 in the order of the frames
_DIGITS = re.compile(r"(\d+)")


def divide(
    kept: Sequence[Kept], *, seed: int, group_by: str = "", target: Target | None = None
) -> tuple[tuple[ImageRecord, ...], tuple[Message, ...]]:
    """Group and split what was kept; give the images and warnings."""
    groups = _groups(kept, group_by)
    labels = [k.label for k in stratified(kept, target)]
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
    images = tuple(image_of(k, split=part, group=group, way=group_by) for k, part, group in rows)
    return images, (*warnings, *split_warnings.of(images, target))


def stratified(kept: Sequence[Kept], target: Target | None) -> Sequence[Kept]:
    """Give numbers that are labels the names of ranges, which are divided as classes are."""
    if target is None:
        return kept
    ranges = strata.of([k.label for k in kept])
    return [replace(k, label=label) for k, label in zip(kept, ranges, strict=True)]


def grouping_questions(kept: Sequence[Kept], options: Options) -> tuple[Question, ...]:
    """Ask what only the user can know of images that may belong together."""
    return () if options.group_by else questions.questions(kept)


def image_of(kept: Kept, *, split: Split, group: str, way: str) -> ImageRecord:
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
        group_key=rules.shared_by(kept, way),
        taken_at=kept.taken_at,
    )


def _groups(kept: Sequence[Kept], group_by: str) -> list[str]:
    contents, signatures = [k.content for k in kept], [k.signature for k in kept]
    links = rules.links(rules.members(kept, group_by), group_by)
    bound = duplicates.bound_groups([k.file for k in kept], contents, signatures, links)
    return duplicates.group_names(contents, bound)


def _respected(parts: Sequence[Split | None]) -> list[Split | None]:
    """Respect a given split; where it lacks a part, that is taken from its training images."""
    lacking = {Split.VALIDATION, Split.TEST} - set(parts)
    return [None if lacking and part is Split.TRAIN else part for part in parts]


def _in_blocks(kept: Sequence[Kept], groups: Sequence[str]) -> list[str]:
    """Cut every group into consecutive blocks; equal pixels stay in one block."""
    members: dict[str, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        if group:
            members[group].append(index)
    found = list(groups)
    for group, indices in members.items():
        contents = dict.fromkeys(kept[p].content for p in sorted(indices, key=_order(kept)))
        block = {c: n * BLOCKS // len(contents) for n, c in enumerate(contents)}
        for index in indices:
            found[index] = f"{group}-{block[kept[index].content]}"
    return found


def _order(kept: Sequence[Kept]) -> Callable[[int], list[tuple[int, str]]]:
    """Sort frames by the numbers in their names: 2 comes before 10."""

    def numbered(index: int) -> list[tuple[int, str]]:
        pieces = _DIGITS.split(kept[index].file)
        return [(int(p), "") if p.isdecimal() else (0, p) for p in pieces]

    return numbered
