"""Where a class is seen on average over its validation pictures, kept beside the run."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core import datasets, files
from core.engine.explaining import cam
from core.engine.explaining.answering import fine_map
from core.engine.explaining.explainer import Explainer
from core.errors import UserError
from core.images import heat, pixels
from core.judging import border
from core.records import ClassHeat, ImageRecord, ModelCard, Split
from core.records.choices import check
from core.words import say
from core.workspace import Workspace

MOST = 50  # pictures of a class


def look(ws: Workspace, card: ModelCard, explainer: Explainer | None, label: str) -> ClassHeat:
    """Give the heat of a class, as it was kept or computed now; the picture of it lies beside.

    Raises `UserError` for a class that is not known, or of which there are no pictures to look at.
    """
    check(card.labels, label, say("class"))
    folder, index = ws.run(card.run_id), card.labels.index(label)
    try:
        kept = files.read_record(folder.class_heat(index), ClassHeat)
    except (OSError, UserError):
        kept = None
    if kept and kept.made == card.created_at and folder.class_picture(index).exists():
        return kept
    found, picture = _look(ws, card, _known(explainer), index)
    folder.class_heat(index).parent.mkdir(exist_ok=True)
    files.write_bytes(folder.class_picture(index), heat.png(picture, found.heat))
    files.write_record(folder.class_heat(index), found)
    return found


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
    total, shares, mean = np.zeros(()), list[float](), np.zeros(())
    for image in images:
        copy = datasets.image_path(ws, card.config.dataset_id, image)
        seen = pixels.read_copy(copy, explainer.size)
        found = cam.parts(explainer.head, explainer.see(seen))
        hot = np.maximum(fine_map(explainer, copy, cam.for_class(found, index)), 0)
        shares.append(border.share(hot))
        total, mean = total + hot / max(float(hot.sum()), 1e-12), mean + seen / len(images)
    more, p = border.sure(shares, [image.group for image in images])
    return ClassHeat(
        label=card.labels[index],
        made=card.created_at,
        classes=len(card.labels),
        images=len(images),
        heat=_rows(total / max(float(total.sum()), 1e-12)),
        border=float(np.mean(shares)),
        even=border.EVEN,
        more=more,
        p=p,
    ), np.asarray(np.round(mean), np.uint8)


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
