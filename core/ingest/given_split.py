"""A split that was given: honoured, but for copies, and for what belongs to other parts."""

from collections.abc import Sequence
from dataclasses import replace

from core.datasets import duplicates
from core.errors import UserError
from core.ingest.building import Findings
from core.ingest.decoding.reading import Kept
from core.ingest.grouping import rules
from core.records import FileReport, Split, Verdict
from core.words import Message, enumeration, nsay, say

_RANKS = {None: 0, Split.TRAIN: 1, Split.VALIDATION: 2, Split.TEST: 3}
_JUDGING = {Split.VALIDATION, Split.TEST}


def outranked(
    contents: Sequence[str], signatures: Sequence[str], given: Sequence[Split | None]
) -> dict[int, int]:
    """Find images whose photo was also given to a stricter part, each with the index of one such.

    Test is stricter than validation, and validation than training: what is judged with must not
    have been seen.
    """
    if len({*given} - {None}) < 2:
        return {}
    ranks = [_RANKS[part] for part in given]
    found: dict[int, int] = {}
    for group in duplicates.same_photos(contents, signatures):
        strictest = max(group, key=lambda index: ranks[index])
        found |= {index: strictest for index in group if 0 < ranks[index] < ranks[strictest]}
    return found


def set_aside(found: Findings) -> Findings:
    """Keep a given split honest: leave out copies of what is for validation or test, and say so.

    Raises `UserError` where nothing is left to learn from.
    """
    kept = found.kept
    copies = outranked(
        [k.content for k in kept], [k.signature for k in kept], [k.given for k in kept]
    )
    if not copies:
        return found
    learned = [index for index, k in enumerate(kept) if k.given not in _JUDGING]
    if learned and copies.keys() >= set(learned):
        raise _nothing_to_learn(len(learned))
    reports = [_aside(kept[index], kept[copy]) for index, copy in copies.items()]
    warning = nsay(
        "{num} image was set aside: the same photo, or nearly, is for validation or test.",
        "{num} images were set aside: the same photos, or nearly, are for validation or test.",
        num=len(copies),
    )
    return replace(
        found,
        kept=tuple(k for index, k in enumerate(kept) if index not in copies),
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


def cut(links: Sequence[tuple[int, int]], parts: Sequence[Split | None]) -> set[int]:
    """Find the images that belong together and were given to several parts."""
    groups = duplicates.joined(len(parts), links)
    torn = [group for group in groups if len({parts[index] for index in group} - {None}) > 1]
    return {index for group in torn for index in group}


def freed(found: Findings, way: str) -> Findings:
    """Have groups that a given split cuts divided anew, each into one part, and say so.

    Setting them aside, as copies are, could take most of what there is to learn from: of three
    versions of a photograph in parts by chance, two in three photographs are in several.
    """
    kept = found.kept
    links = rules.links(rules.members(kept, way), way)
    torn = cut(links, [k.given for k in kept])
    if not torn:
        return found
    note = say("divided anew: images that belong to it came in other parts")
    said = nsay(
        "{num} image was divided anew: what belongs to it came in several parts.",
        "{num} images were divided anew: images that belong together came in several parts.",
        num=len(torn),
    )
    free = (
        replace(k, given=None, changes=(*k.changes, note)) if index in torn else k
        for index, k in enumerate(kept)
    )
    return replace(found, kept=tuple(free), warnings=(*found.warnings, said))


def told_of_versions(kept: Sequence[Kept]) -> tuple[Message, ...]:
    """Tell that versions of one photograph were kept together, by their names or folders."""
    found = rules.members(kept, "")
    said = list[Message]()
    if num := len({*rules.versions(found)} - {""}):
        said += [
            nsay(
                "{num} photograph is here in several versions, by their names from Roboflow: they "
                "stay in one part of the split.",
                "{num} photographs are here in several versions, by their names from Roboflow: "
                "those of one photograph stay in one part of the split.",
                num=num,
            )
        ]
    if num := len({*rules.renderings(found)} - {""}):
        said += [
            nsay(
                "{num} photograph is here in several versions, in the folders "
                "{names}: they stay in one part of the split.",
                "{num} photographs are here in several versions, in the folders "
                "{names}: those of one photograph stay in one part of the split.",
                num=num,
                names=enumeration(rules.ways_shown(found)),
            )
        ]
    return tuple(said)
