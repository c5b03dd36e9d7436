"""The curves of a run that trains; their words and lines are those of an ended run too."""

from core import datasets
from core.errors import UserError
from core.models import solving
from core.records import Run, Split
from core.records.choices import TASKS
from core.workspace import Workspace
from pages._shared.widgets import language, t, url
from pages.components.live_chart import live_chart


def draw(ws: Workspace, run: Run) -> None:
    """Draw the curves of a run that trains; the browser asks for new numbers by itself."""
    live_chart(
        run.id,
        texts(run, _unit(ws, run)),
        metrics=url(f"/api/runs/{run.id}/metrics"),
        library=url("/assets/plotly.min.js"),
        majority=majority(ws, run),
        figure=TASKS[run.config.task].figure,
    )


def _unit(ws: Workspace, run: Run) -> str:
    """Give the unit of a number that a run learns."""
    try:
        target = datasets.get(ws, run.config.dataset_id, run.config.dataset_version).target
    except UserError:
        return ""
    return target.unit if target else ""


def texts(run: Run | None = None, unit: str = "") -> dict[str, str]:
    """Give the words on the charts; a head that is solved goes on in iterations.

    ``unit``: of the number of a run that has no card yet.
    """
    if run is not None and run.card is not None and run.card.target is not None:
        unit = run.card.target.unit
    is_number = run is not None and TASKS[run.config.task].is_number
    solved = run is not None and solving.solves(run.config)
    tuned = run is not None and run.config.thaws
    across = t("Iterations, then epochs") if tuned else t("Iteration")
    return {
        "language": language().replace("_", "-"),
        "loss": t("Mean squared error: large errors count most")
        if is_number
        else t("Loss: how wrong it is, lower is better"),
        "accuracy": t("Accuracy: how often it is right"),
        "mae": t("Mean absolute error in {unit}: how far off it is on average", unit=unit)
        if unit
        else t("Mean absolute error: how far off it is on average"),
        "within": t("within the epoch"),
        "training": t("training"),
        "validation": t("validation"),
        "kept": t("kept so far"),
        "epoch": across if solved else t("Epoch"),
        "change": t("fine-tuning starts"),
        "majority": t("always naming the largest class"),
        "waiting": t("Waiting for the first numbers…"),
        "reset": t("Show everything again"),
    }


def majority(ws: Workspace, run: Run) -> float | None:
    """Give what always naming the largest class would score, also before there is a card."""
    if not run.config.validates or TASKS[run.config.task].is_number:
        return None
    if run.card is not None and run.card.validation is not None:
        return run.card.validation.majority
    try:
        images = datasets.images(ws, run.config.dataset_id, run.config.dataset_version)
    except UserError:
        return None
    kept = [i.label for i in images
            if i.split is Split.VALIDATION and i.label not in run.config.left_out]  # fmt: skip
    return max(kept.count(label) for label in set(kept)) / len(kept) if kept else None
