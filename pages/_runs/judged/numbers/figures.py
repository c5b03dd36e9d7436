"""How near a run of numbers is on some images, in figures."""

import streamlit as st

from core.judging.numbers import written
from core.records import NumberScore, Run, TestScore
from pages._shared.widgets import nt, t


def draw(run: Run, score: TestScore) -> None:
    """Show what the test part came to."""
    if run.card is None or run.card.target is None or score.numbers is None:
        return
    draw_score(run, score.numbers)
    if score.openings > 1:
        st.caption(
            t("When this score was taken, the test part had been opened {num} times.",
              num=score.openings)
        )  # fmt: skip


def draw_score(run: Run, score: NumberScore) -> None:
    """Show mean absolute error and R², each with its interval, and what they have to beat."""
    assert run.card is not None
    target = run.card.target
    assert target is not None
    low, high = (written.r2(bound) for bound in (score.r2_low, score.r2_high))
    can_tell = written.tells_r2(score)
    with st.grid(4, min_column_width=160):
        _metric(
            t("Mean absolute error"),
            t(written.amount(score.mae, target)),
            t(written.interval(score.mae_low, score.mae_high, target)),
            t("How far off it is on average. With other images like these it would most likely "
              "lie in this range."),
        )  # fmt: skip
        _metric(
            "R²",
            written.r2(score.r2) if can_tell else "–",
            t("{low} to {high}", low=low, high=high) if can_tell else t("Cannot be told"),
            t("The share of the spread of the numbers that it explains: 1 is exact, 0 is no "
              "better than always the mean."),
        )  # fmt: skip
        _metric(
            "RMSE",
            t(written.amount(score.rmse, target)),
            t(written.interval(*score.rmse_range, target)) if score.rmse_range else None,
            t("Root mean squared error: how far off it is, with large errors counting more."),
        )
        _metric(t("Always the mean"), t(written.amount(score.mean_mae, target)))
    st.caption(nt("{num} image behind it", "{num} images behind it", num=score.images))


def _metric(title: str, value: str, delta: str | None = None, about: str | None = None) -> None:
    st.metric(
        title,
        value,
        delta=delta,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
        help=about,
    )
