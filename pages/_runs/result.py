"""What came of a finished run: its score, what that stands on, and the way to learn from it all."""

import streamlit as st

from core.insights import score_texts, validation
from core.records import Accuracy, ModelCard, Run
from core.runs import executors, refitting
from core.words import join
from core.workspace import Workspace
from pages._glossary.drawer import explained
from pages._runs import epochs
from pages._runs.findings import findings
from pages._runs.watching import advice
from pages._shared import run_words as words, widgets
from pages._shared.widgets import md, nt, t


def draw(ws: Workspace, run: Run, card: ModelCard) -> None:
    """Draw the numbers, what the validation images were used for, and what is worth knowing."""
    parent = None if run.config.validates else refitting.before(ws, run.config)
    with st.grid(4, min_column_width=160):
        _score(run, card, parent)
        _length(run, card)
        time, device = words.exact_duration(card.seconds), card.device
        st.metric(t("Time"), time, delta=device.partition(" (")[0], delta_color="off",
                  delta_arrow="off", help=md(device), border=True, height="stretch")  # fmt: skip
    if card.validation is None or run.score is None:
        st.caption(t(validation.learned_from(parent)))
        return
    explained(t(validation.used_for(card)), key="used-for")
    for icon, sentence in findings(run, card, run.score.accuracy):
        st.markdown(f"{icon} {sentence}")
    advice.draw_ended(ws, run)


def _score(run: Run, card: ModelCard, parent: Run | None) -> None:
    """Show the score, or that of the run from before it learned from the validation images."""
    if card.validation is not None and run.score is not None:
        score = run.score.accuracy
        _accuracy(t(score_texts.TITLES[run.score.judged_on]), score)
        st.metric(t("Images behind it"), f"{score.images}", border=True, height="stretch")
        return
    if parent is not None and parent.score is not None:
        _accuracy(t("Accuracy before"), parent.score.accuracy)
    _learned_from(card)


def _learned_from(card: ModelCard) -> None:
    st.metric(t("Images it learned from"), f"{card.num_train}", border=True, height="stretch")


def _accuracy(label: str, score: Accuracy) -> None:
    st.metric(
        label,
        words.percent(score.accuracy),
        border=True,
        height="stretch",
        delta=words.interval(score),
        delta_color="off",
        delta_arrow="off",
        help=words.behind(score),
    )


def _length(run: Run, card: ModelCard) -> None:
    if run.config.is_fitted:
        if card.validation is not None:  # else it stands beside already
            _learned_from(card)
        return
    if epochs.is_solved(run):
        st.metric(t("Iterations"), card.kept_epoch, border=True, height="stretch",
                  help=t("The head was computed at once, in so many steps."))  # fmt: skip
        return
    of_all = nt("of {num} epoch", "of {num} epochs", num=card.num_epochs)
    st.metric(t("Kept epoch"), epochs.kept_epoch(run) or "–", delta=of_all, delta_color="off",
              delta_arrow="off", border=True, height="stretch")  # fmt: skip


def offer(ws: Workspace, run: Run) -> None:
    """Offer to train once more, on the validation images too."""
    if refitting.why_not(ws, run) is not None:
        return
    label = t("Learn from the validation images too")
    if st.button(label, icon=":material/library_add:", key="refit"):
        made = refitting.refit(ws, run.id)
        executors.submit(ws)
        widgets.go("runs.py", run=made)
    why = t(
        "Trains once more in the same way, on the training and the validation images together: "
        "mostly a little better. That run has no validation score, as it has seen these images; "
        "the test images can judge it."
    )
    if otherwise := refitting.otherwise(run):
        why = join((why, t(otherwise)), widgets.language())
    st.caption(why)
