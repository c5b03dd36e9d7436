"""Backbones compared: of each a head is solved on its frozen features, and judged fold by fold."""

from collections.abc import Sequence
from dataclasses import replace

from core.errors import UserError
from core.models import image_sizes, weights
from core.models.catalog import BACKBONES, choose
from core.records import State, TrainConfig
from core.records.studies import Arm, StudyAdvice, StudyRow
from core.studies import choosing, recipes, texts
from core.studies.standing import Standing
from core.words import Message, enumeration, say

MOST_IMAGES = 1000  # take part
LEAST = 2  # backbones


def plan(base: TrainConfig, names: Sequence[str] = ()) -> tuple[Arm, ...]:
    """Compare the named backbones, or all whose weights are here; the smallest first.

    Raises `UserError` where there are not two.
    """
    chosen = dict.fromkeys(names) or at_hand(base.image_size)
    found = [choose(BACKBONES, name, say("backbone")) for name in chosen]
    for backbone in found if names else ():
        image_sizes.check_size(backbone, base.image_size)
    if len(found) < LEAST:
        raise _too_few(base.image_size, [backbone.name for backbone in found])
    found.sort(key=lambda backbone: (backbone.parameters, backbone.name))
    config = replace(
        recipes.head_alone(base, protocol="folds"), weights="imagenet", most_images=MOST_IMAGES
    )
    return tuple(
        Arm(name=backbone.name, config=replace(config, backbone=backbone.name))
        for backbone in found
    )


def at_hand(image_size: int) -> list[str]:
    """Name the backbones whose weights are on this machine, at that size of images."""
    return [
        name
        for name, backbone in BACKBONES.items()
        if image_size >= backbone.smallest_size and weights.on_disk(backbone, image_size)
    ]


def _too_few(image_size: int, names: list[str]) -> UserError:
    here = enumeration(names) if names else say("none")
    return UserError(
        say(
            "The weights of fewer than two backbones are on this machine for images of {size} "
            "pixels: {names}.",
            size=image_size,
            names=here,
        )
        if len(names) < LEAST and not names
        else say("There is one backbone to compare: {names}.", names=here),
        expected=say("Two or more are compared."),
        mend=say("Name backbones, or fetch weights: python -m core weights fetch NAME."),
    )


def advise(standing: Standing) -> StudyAdvice | None:
    """Name the best, what cannot be told from it, and of these the smallest."""
    rows = [r for r in standing.rows if r.state is State.DONE and standing.votes[r.name]]
    if len(rows) < LEAST:
        return None
    best = max(rows, key=lambda row: row.accuracy.accuracy if row.accuracy else 0.0)
    pairs = len(rows) * (len(rows) - 1) // 2  # the best was sought among all
    others = [row for row in rows if row is not best]
    compared = choosing.compare(
        best, others, standing.votes, standing.asked, before=pairs - len(others)
    )
    worse = [one for one in compared if one.found.is_worse]
    tied = [one.row for one in compared if not one.found.is_worse]
    group = [row for row in rows if row is best or row in tied]
    smallest = min(group, key=lambda row: row.parameters)
    sentences = [_headline(best, group, smallest)]
    if worse:
        nearest = max(worse, key=lambda one: one.found.paid)
        sentences.append(choosing.claim(nearest))
    return StudyAdvice(
        choice=smallest.name,
        sentences=tuple(sentences),
        p_value=max((one.found.paid for one in worse), default=None),
        ties=tuple(row.name for row in group if row is not smallest),
    )


def _headline(best: StudyRow, group: Sequence[StudyRow], smallest: StudyRow) -> Message:
    if len(group) == 1:
        return say("{arm} does surely better than the others.", arm=texts.arm(best))
    names = enumeration([texts.arm(row) for row in group])
    return say(
        "Your images cannot tell these apart: {names}. Take the smallest: {arm}.",
        names=names,
        arm=texts.arm(smallest),
    )
