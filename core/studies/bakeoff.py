"""Backbones compared: of each a head is solved on its frozen features, and judged fold by fold."""

from collections.abc import Sequence
from dataclasses import replace

from core.errors import UserError
from core.models import catalog, image_sizes, weights
from core.models.catalog import Backbone
from core.records import TrainConfig
from core.records.studies import Arm, StudyAdvice, StudyRow
from core.studies import choosing, recipes, texts
from core.studies.choosing import Against
from core.studies.standing import Standing
from core.words import Message, enumeration, say

MOST_IMAGES = 1000  # take part
LEAST = 2  # backbones


def plan(base: TrainConfig, names: Sequence[str] = ()) -> tuple[Arm, ...]:
    """Compare the named backbones, or all whose weights are here; the smallest first.

    Raises `UserError` where there are not two.
    """
    chosen = dict.fromkeys(names) or at_hand(base.image_size)
    found = [catalog.backbone(name) for name in chosen]
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
    """Name the backbones whose weights are here, those brought among them, at that image size."""
    return [
        name
        for name, backbone in catalog.known().items()
        if _takes(backbone, image_size) and weights.on_disk(backbone, image_size)
    ]


def _takes(backbone: Backbone, image_size: int) -> bool:
    if backbone.only_size:
        return image_size == backbone.default_size
    return image_size >= backbone.smallest_size


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
    """Name those that none surely beats, and of these the smallest; None while any is at work.

    The best is sought among all, so each pair is compared and paid for, those as well that failed:
    they can be taken up again.
    """
    rows = [row for row in standing.rows if standing.votes[row.name]]
    if len(rows) < LEAST or any(row.state in choosing.ACTIVE for row in standing.rows):
        return None
    worse = _beaten(standing, rows)
    group = [row for row in rows if row.name not in worse]
    smallest = min(group, key=lambda row: row.parameters)
    nearest = max(worse.values(), key=lambda one: one.found.paid, default=None)
    return StudyAdvice(
        choice=smallest.name,
        sentences=(
            _headline(group, smallest, len(rows)),
            *([choosing.claim(nearest)] if nearest else []),
            *choosing.unjudged(standing.rows, standing.votes),
        ),
        p_value=nearest.found.paid if nearest else None,
        ties=tuple(row.name for row in group if row is not smallest),
    )


def _beaten(standing: Standing, rows: Sequence[StudyRow]) -> dict[str, Against]:
    """Give each that another one surely beats, against the best of those that do."""
    pairs = len(standing.rows) * (len(standing.rows) - 1) // 2
    found: dict[str, Against] = {}
    for other in sorted(rows, key=_score, reverse=True):
        rest = [row for row in rows if row is not other and row.name not in found]
        compared = choosing.compare(
            other, rest, standing.votes, standing.asked, before=pairs - len(rest)
        )
        found |= {one.row.name: one for one in compared if one.found.is_worse}
    return found


def _score(row: StudyRow) -> float:
    return row.accuracy.accuracy if row.accuracy else 0.0


def _headline(group: Sequence[StudyRow], smallest: StudyRow, num: int) -> Message:
    if len(group) == 1:
        return say("{arm} does surely better than the others.", arm=texts.arm(smallest))
    names = enumeration([texts.arm(row) for row in group])
    about = {"names": names, "arm": texts.arm(smallest)}
    if len(group) == num:
        return say(
            "Your images cannot tell these apart: {names}. Take the smallest: {arm}.", **about
        )
    return say(
        "None does surely better than these, which your images cannot tell apart: {names}. Take "
        "the smallest: {arm}.",
        **about,
    )
