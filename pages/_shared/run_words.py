"""How runs are put into words: states, times, accuracies."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

import streamlit as st

from core import datasets, durations, runs
from core.errors import UserError
from core.insights import score_texts
from core.insights.numbers import telling
from core.judging import shares
from core.models.catalog import CLASSIFIERS
from core.records import Accuracy, Phase, Run, RunScore, RunSummary, Stage, State, TrainConfig
from core.runs.sharing import clusters
from core.words import mark
from core.workspace import Workspace
from pages._shared.widgets import t

Color = Literal["gray", "blue", "green", "orange", "red"]
ACTIVE = (State.QUEUED, State.RUNNING)
ICONS: Mapping[State, tuple[str, Color]] = {
    State.QUEUED: (":material/schedule:", "gray"),
    State.RUNNING: (":material/progress_activity:", "blue"),
    State.DONE: (":material/check_circle:", "green"),
    State.STOPPED: (":material/stop_circle:", "orange"),
    State.FAILED: (":material/error:", "red"),
}
STAGES: Mapping[Stage, str] = {
    Stage.STARTING: mark("Getting ready"),
    Stage.FEATURES: mark("Looking at every image once"),
    Stage.TRAINING: mark("Training"),
    Stage.CHECKING: mark("Checking the finished model"),
    Stage.SAVING: mark("Saving the model"),
}
PHASES: Mapping[Phase, str] = {
    Phase.HEAD: mark("the head learns"),
    Phase.FINE_TUNE: mark("fine-tuning"),
}


def dataset_name(ws: Workspace, run: Run | RunSummary) -> str:
    """Name what a run learned from, also when the data set is gone."""
    try:
        return datasets.get(ws, run.config.dataset_id).name
    except UserError:
        return run.card.dataset_name if run.card else t("a deleted data set")


def found(config: TrainConfig, solved: str) -> str:
    """Call what a run finds at once; ``solved``: what a solved head is called."""
    return t(CLASSIFIERS[config.classifier].title) if config.is_fitted else solved


def depth(config: TrainConfig) -> str:
    """Say in a few words what learns; runs of old may name a depth, but no epochs for it."""
    if config.is_fitted:
        return t(CLASSIFIERS[config.classifier].title)
    if (config.freeze == "all") != (config.fine_tune_epochs == 0):
        return t("nothing was thawed: only the head learns")
    if config.freeze == "all":
        return t("only the head learns")
    if config.freeze == "none":
        return t("everything learns")
    return t("frozen up to {block}", block=config.freeze)


def badge(run: Run | RunSummary) -> None:
    """Draw where a run stands, with icon and word."""
    state = clusters.shown_state(run)
    icon, color = ICONS[state]
    st.badge(t(runs.STATE_WORDS[state]), icon=icon, color=color)


def percent(share: float) -> str:
    """Write a share, as it is written everywhere."""
    return t(shares.percent(share))


def interval(score: Accuracy) -> str:
    """Write how sure an accuracy is."""
    return span(score.low, score.high)


def span(low: float, high: float) -> str:
    """Write the bounds of an interval of shares."""
    return t(shares.span(low, high))


def accuracy(score: RunScore | None) -> str:
    """Write the score of a run in its short form; `behind` belongs beside it, under the pointer."""
    if score is None:
        return t("no validation score: it learned from these images too")
    return t(score_texts.headline(score))


def told(run: Run | RunSummary) -> str:
    """Write how good a run is in its short form, whether it names classes or reads a number."""
    if run.card is not None and run.card.target is not None:
        return t(telling.headline(run.card))
    return accuracy(run.score)


def source(score: RunScore) -> str:
    """Name in a word or two which images a score stands on."""
    return t(score_texts.SOURCES[score.judged_on])


def behind(score: Accuracy | RunScore | None) -> str | None:
    """Say what a score stands on."""
    found = score.accuracy if isinstance(score, RunScore) else score
    return t(score_texts.behind(found)) if found else None


def decimal(value: float, digits: int = 6) -> str:
    """Write a number without an exponent: 0.0000008."""
    return format(Decimal(f"{value:.{digits}g}"), "f")


def terms() -> str:
    """Explain the words of the field that stand on the plain path."""
    return t(
        "The backbone is a network that has learned from a million photos. Its frozen blocks stay "
        "as they are, the others adapt to your images. The head on top of it is new and learns "
        "your classes. An epoch is one look at all training images. A head that is solved is "
        "computed at once: each iteration brings it closer to the best one for your images."
    )


def exact_duration(seconds: float) -> str:
    """Write a span of time in the two largest units that matter."""
    return t(durations.exact(seconds))


def when(seconds: float) -> str:
    """Write a moment in the reader's own time zone."""
    return durations.moment(seconds, zone())


def zone() -> tzinfo:
    """Give the reader's own time zone."""
    there = st.context.timezone
    return ZoneInfo(there) if there else UTC
