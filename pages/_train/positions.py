"""The positions of the dial as cards: how long each takes, and what it buys."""

from collections.abc import Iterator, Mapping

import streamlit as st

from core import words
from core.insights import gains
from core.insights.gains import (
    GENERAL_SETS,
    IN_GENERAL,
    TUNED_IMAGES,
    TUNED_IN_GENERAL,
    TUNED_TRIALS,
    Gain,
)
from core.records import Accuracy, Dataset, TrainConfig
from core.records.choices import TASKS
from core.records.training import PRESETS
from core.words import mark
from core.workspace import Workspace
from pages._shared.run_words import interval, percent
from pages._shared.widgets import choose as choose_in_address, language, nt, t
from pages._train.dial import TITLES, Dial
from pages._train.time import guess
from pages.components.cards import Card, cards


def draw(ws: Workspace, dataset: Dataset, dials: Mapping[str, Dial]) -> str:
    """Draw a card for each position and give the one that is chosen."""
    configs = {preset: dial.config() for preset, dial in dials.items()}
    known = gains.measured(ws, configs)
    faces = [
        Card(
            id=preset,
            title=t(TITLES[preset]),
            note=guess(ws, dataset, config)[0],
            sentence=_what_it_buys(preset, config, known[preset]),
            span=_span(known[preset].head),
        )
        for preset, config in configs.items()
    ]
    st.markdown("**" + t("How thorough?") + "**")
    return choose_in_address(
        cards,
        t("How thorough?"),
        PRESETS,
        first="balanced",  # afterwards what was chosen last, as of the fields below
        faces=faces,
        key="preset",
    )


_OF_NUMBERS: Mapping[str, str] = {  # nothing was measured in general
    "quick": mark("A first look, with a small network."),
    "balanced": mark("A larger network that looks more closely."),
    "thorough": mark("Learns from variations too, and adapts the network where images are many."),
}


def _span(score: Accuracy | None) -> tuple[float, float] | None:
    return (score.low, score.high) if score else None


def _what_it_buys(preset: str, config: TrainConfig, known: Gain) -> str:
    """Say what was measured on these images; where nothing was, what is known in general."""
    if TASKS[config.task].is_number:
        return t(_OF_NUMBERS[preset])
    said = [*_on_these(config, known.head, known.version)] if known.head else [_in_general(preset)]
    if config.thaws:
        alone = t("That is its head alone, before fine-tuning.")
        said.append(alone if known.head or known.tuned else _tuned_in_general())
    if known.beats:
        before = t(TITLES[known.beats])
        said.append(t("Right more often than {before}, by more than chance.", before=before))
    if known.tuned:
        run, score = known.tuned, known.tuned.validation
        said.append(
            t("Your run {run}: {span} of the validation images.",
              run=run.name or run.run_id, span=interval(score))
        )  # fmt: skip
    return words.join(said, language())


def _on_these(config: TrainConfig, score: Accuracy, version: int) -> Iterator[str]:
    """Say what the head alone scored, without what else the position does."""
    yield nt(
        "{span} right on {num} image of yours that was held back.",
        "{span} right on {num} of your images, held back in turn.",
        num=score.images,
        span=interval(score),
    )
    if version != config.dataset_version:
        yield t("That was version {number} of your images.", number=version)
    if config.augmentation != "none" and not config.thaws:
        yield t("That was measured without augmentation.")


def _tuned_in_general() -> str:
    return t(
        "Fine-tuning then added {points} points ({low} to {high}), in {num} trials with about "
        "{images} images.",
        points=f"{TUNED_IN_GENERAL.points:+.1f}",
        low=f"{TUNED_IN_GENERAL.low:+.1f}",
        high=f"{TUNED_IN_GENERAL.high:+.1f}",
        num=TUNED_TRIALS,
        images=TUNED_IMAGES,
    )


def _in_general(preset: str) -> str:
    """Say what others measured; a difference is given with its range, whatever it shows."""
    known, names = IN_GENERAL[preset], list(PRESETS)
    if not names.index(preset):
        return t("In general {share} right: the mean of {num} small sets.",
                 share=percent(known.mean), num=GENERAL_SETS)  # fmt: skip
    return t(
        "In general {points} points over {before} ({low} to {high}), on {num} small sets.",
        points=f"{known.points:+.1f}",
        before=t(TITLES[names[names.index(preset) - 1]]),
        low=f"{known.low:+.1f}",
        high=f"{known.high:+.1f}",
        num=GENERAL_SETS,
    )
