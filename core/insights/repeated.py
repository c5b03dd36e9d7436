"""What is wrong with having the same photo, or nearly, more than once."""

from collections.abc import Mapping

from core.datasets.duplicates import Group
from core.insights.image_stats import Finding, finding
from core.records import ImageRecord, Split
from core.words import Message, enumeration, nsay, say

PARTS: Mapping[Split, Message] = {
    Split.TRAIN: say("training"),
    Split.VALIDATION: say("validation"),
    Split.TEST: say("test"),
}
WHY_LEAK = say("A network only has to remember it, so a score may look better than it is.")


def cut(num: int) -> Message:
    """Say that images that belong together, as those of a patient, stand on two sides."""
    return nsay(
        "{num} image for validation or test is in one group with images for training.",
        "{num} images for validation or test are in one group with images for training.",
        num=num,
    )


def find_shared(group: Group) -> list[Finding]:
    """Say what is wrong with having the same photo, or nearly, more than once."""
    labels, parts = enumeration([say("'{name}'", name=n) for n in group.labels]), _parts(group)
    findings = []
    if len(parts) > 1:
        there = enumeration(parts)
        same = say("The same photo is in several parts of the split: {parts}.", parts=there)
        near = say("Nearly the same photo is in several parts of the split: {parts}.", parts=there)
        findings.append(finding("leak", same if group.exact else near, WHY_LEAK, group.images))
    if group.across_classes:
        same = say("The same photo is in {names}.", names=labels)
        near = say("Nearly the same photo is in {names}.", names=labels)
        why = say("A model cannot learn two answers for one photo. Keep it in the right class.")
        findings.append(finding("conflict", same if group.exact else near, why, group.images))
    if not findings:
        num = len(group.images)
        same = say("The same photo is there {num} times.", num=num)
        near = say("Nearly the same photo is there {num} times.", num=num)
        why = say("They teach nothing new; they are kept on one side of the split.")
        findings.append(finding("duplicate", same if group.exact else near, why, group.images))
    return findings


def _parts(group: Group) -> list[Message]:
    there = {image.split for image in group.images}
    return [said for split, said in PARTS.items() if split in there]


def spare(group: Group) -> tuple[ImageRecord, ...]:
    """Give the images that can go: one stays, of the test part if there is one, which judges."""
    _, *others = sorted(group.images, key=lambda image: _STAY.index(image.split))
    return tuple(others)


_STAY = (Split.TEST, Split.VALIDATION, Split.TRAIN)
