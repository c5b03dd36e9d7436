"""What the curves of a run say, with the control that mends it; of an ended run at a press."""

from collections.abc import Sequence
from math import isfinite
from pathlib import Path

import streamlit as st

from core.errors import UserError
from core.insights.coaching import coach, curves, remedies
from core.insights.coaching.curves import Advice, AdviceKind, Evidence
from core.records import EpochMetrics, Phase, Run, TrainConfig
from core.words import join
from core.workspace import Workspace
from pages._runs import compare
from pages._shared import widgets
from pages._shared.widgets import language, t
from pages._train import dial

ICONS = {
    AdviceKind.RATE: ":material/speed:",
    AdviceKind.STUCK: ":material/horizontal_rule:",
    AdviceKind.OVERFITTING: ":material/warning:",
    AdviceKind.GAP: ":material/warning:",
    AdviceKind.ABOVE: ":material/info:",
    AdviceKind.FEW: ":material/trending_flat:",
}


def draw_live(ws: Workspace, run: Run) -> None:
    """Say what is to be known of a run that trains."""
    for advice in _of(ws, run, run.epochs):
        st.markdown(f"{ICONS[advice.kind]} {_told(advice)}")


def draw_ended(ws: Workspace, run: Run) -> None:
    """Say what the curves of a finished run say; a change of settings is begun by a button."""
    for advice in _of(ws, run, _up_to_the_model(run)):
        st.markdown(f"{ICONS[advice.kind]} {_told(advice, is_over=True)}")
        change = advice.remedy.change if advice.remedy else ()
        if not change or not compare.has_dataset(ws, run):
            continue
        label, icon = t("Clone with this change"), ":material/content_copy:"
        if st.button(label, icon=icon, key=f"clone-{advice.kind.value}"):
            dial.begin_clone(run.id)
            told = remedies.written(change)
            widgets.go("train.py", clone=run.id, dataset=run.config.dataset_id, change=told)


def _told(advice: Advice, *, is_over: bool = False) -> str:
    """Say what is seen and what mends it; that an ended run stood still is said already."""
    seen = [] if is_over and advice.kind is AdviceKind.STUCK else [advice.seen]
    mend = [advice.remedy.mend] if advice.remedy else []
    return join(map(t, (*seen, *mend)), language())


def _of(ws: Workspace, run: Run, epochs: Sequence[EpochMetrics]) -> list[Advice]:
    if not run.config.validates:
        return []
    known = _evidence(ws.root, run.config.dataset_id, run.config.dataset_version,
                      run.config.left_out)  # fmt: skip
    if run.card is not None:
        known = curves.scored(known, run.card) if known else curves.evidence_of(run.card)
    return coach.advise(run.config, epochs, known, is_over=run.card is not None) if known else []


def judged(ws: Workspace, run: Run) -> Sequence[str]:
    """Write how its last epoch does on the validation images, and how sure that is."""
    config, last = run.config, run.epochs[-1:]
    known = _evidence(ws.root, config.dataset_id, config.dataset_version, config.left_out)
    if known is None or not last or last[0].val_loss is None:
        return ("–",)
    found = known.figures.judged(last[0], known.witnesses)
    at, span = known.figures.say_judged(found)
    return (t(at), t(span)) if isfinite(found.high) else (t(at),)


@st.cache_data(max_entries=32, show_spinner=False)
def _evidence(
    root: Path, dataset_id: str, version: int, left_out: tuple[str, ...]
) -> Evidence | None:
    """Count the images of a version, which never changes; None where they are gone."""
    config = TrainConfig(dataset_id=dataset_id, dataset_version=version, left_out=left_out)
    try:
        return curves.evidence(Workspace(root), config)
    except UserError:
        return None


def _up_to_the_model(run: Run) -> list[EpochMetrics]:
    """Leave out what was trained after the epoch that is kept."""
    card = run.card
    if card is None:
        return []
    order = list(Phase)
    kept = (order.index(Phase(card.kept_phase)), card.kept_epoch)
    return [e for e in run.epochs if (order.index(e.phase), e.epoch) <= kept]
