"""Where a class is seen on average over its validation pictures, kept beside the run."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core import datasets, files
from core.engine.explaining import cam
from core.engine.explaining.explainer import Explainer
from core.engine.explaining.fine_maps import fine_map
from core.errors import UserError
from core.images import heat, pixels
from core.judging import border
from core.judging.border import HotPlace
from core.records import ClassHeat, ImageRecord, ModelCard, PicturePart, Split
from core.records.choices import check
from core.words import say
from core.workspace import Workspace

MOST = 50  # pictures of a class


def look(ws: Workspace, card: ModelCard, explainer: Explainer | None, label: str) -> ClassHeat:
    """Give the heat of a class, as it was kept or computed now; the picture of it lies beside.

    Raises `UserError` for a class that is not known, or of which there are no pictures to look at.
    """
    if card.target is not None:
        raise _no_class()
    check(card.labels, label, say("class"))
    folder, index = ws.run(card.run_id), card.labels.index(label)
    try:
        kept = files.read_record(folder.class_heat(index), ClassHeat)
    except (OSError, UserError):
        kept = None
    is_whole = kept and kept.spot_p is not None and folder.class_picture(index).exists()
    if kept and is_whole and kept.made == card.created_at:
        return kept
    found, picture = _look(ws, card, _known(explainer), index)
    folder.class_heat(index).parent.mkdir(exist_ok=True)
    files.write_bytes(folder.class_picture(index), heat.png(picture, found.heat))
    files.write_record(folder.class_heat(index), found)
    return found


def _no_class() -> UserError:
    return UserError(
        say("This model answers a number, and knows no classes."),
        expected=say("A model of classes, for where one is seen on average."),
        mend=say("Explain single pictures instead."),
    )


def _known(explainer: Explainer | None) -> Explainer:
    if explainer is not None:
        return explainer
    raise UserError(
        say("The head of this model cannot be taken apart."),
        expected=say("One that averages over the picture, or keeps every place, can."),
        mend=say("Explain single pictures instead."),
    )


def _look(
    ws: Workspace, card: ModelCard, explainer: Explainer, index: int
) -> tuple[ClassHeat, NDArray[np.uint8]]:
    """Look at the pictures of a class; give its heat and their mean (size, size, 3) uint8."""
    images = _pictures(ws, card, card.labels[index])
    maps, mean = list[NDArray[np.float64]](), np.zeros(())
    for image in images:
        copy = datasets.image_path(ws, card.config.dataset_id, image)
        seen = pixels.read_copy(copy, explainer.size)
        found = cam.parts(explainer.head, explainer.see(seen))
        hot = np.maximum(fine_map(explainer, copy, cam.for_class(found, index)), 0)
        maps.append(hot / max(float(hot.sum()), 1e-12))
        mean = mean + seen / len(images)
    return _judged(card, index, np.array(maps), [image.group for image in images]), np.asarray(
        np.round(mean), np.uint8
    )


def _judged(card: ModelCard, index: int, maps: NDArray, groups: Sequence[str]) -> ClassHeat:
    """Say where the heat of a class lies. ``maps``: (pictures, rows, columns), of each in sum 1."""
    total, shares = maps.sum(axis=0), [border.share(one) for one in maps]
    more, p = border.sure(shares, groups)
    spot = border.mark(maps, groups)
    return ClassHeat(
        label=card.labels[index],
        made=card.created_at,
        classes=len(card.labels),
        images=len(maps),
        heat=_rows(total / max(float(total.sum()), 1e-12)),
        border=float(np.mean(shares)),
        even=border.EVEN,
        more=more,
        p=p,
        spot=_part(spot, *total.shape) if spot else None,
        spotted=spot.pictures if spot else 0,
        spot_p=spot.p if spot else 1.0,
    )


def _part(place: HotPlace, rows: int, columns: int) -> PicturePart:
    return PicturePart(
        left=place.column / columns,
        top=place.row / rows,
        right=(place.column + 1) / columns,
        bottom=(place.row + 1) / rows,
    )


def _rows(values: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(round(float(value), 6) for value in row) for row in values)


def _pictures(ws: Workspace, card: ModelCard, label: str) -> Sequence[ImageRecord]:
    """Choose validation pictures of a class, in an order that means nothing. Raises `UserError`."""
    config = card.config
    images = datasets.images(ws, config.dataset_id, config.dataset_version)
    found = [i for i in images if i.label == label and i.split is Split.VALIDATION]
    if card.validation is not None and found:
        return sorted(found, key=lambda image: image.content)[:MOST]
    raise UserError(
        say("There is no picture of '{label}' that this model did not learn from.", label=label),
        expected=say("Validation images of the class are looked at."),
        mend=say("Choose another class, or the run that this one was made from."),
    )
