"""What the gate compares of two models, by what they answer: probabilities, or a number.

A difference of numbers is a share of how far the numbers of training spread, so that a tolerance
means the same whatever their unit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.exports.proving import parity
from core.judging import shares
from core.judging.numbers import answering
from core.records import ModelCard, Parity, Prediction
from core.records.choices import CLASSIFICATION, REGRESSION, ExportFormat
from core.words import Message, say

_SIMILARITY = 1e-3  # so near to the threshold of what is known, either answer is right


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How the answers of a task are read and compared."""

    output: str  # its name in every format, in ``expected.npz`` and ``answers.npz``
    columns: Callable[[NDArray, ModelCard], NDArray]  # of outputs (images, n): what is compared
    truths: Callable[[NDArray, ModelCard], NDArray]  # (images,), as what is compared
    said: Callable[[Prediction, ModelCard], list[float]]  # an answer of Predict, as outputs
    given: Callable[[Sequence[str]], list[float]]  # a row of the script's table, as outputs
    otherwise: Callable[[Sequence[str], Prediction, ModelCard, ExportFormat], Message | None]
    apart: Callable[[Parity, ExportFormat], tuple[Message, Message]]  # what, and what is expected
    useless: Callable[[Parity, ExportFormat], tuple[Message, Message]]  # where it is compressed


def of(card: ModelCard) -> Answered:
    """Give how the answers of a model are read and compared."""
    return ANSWERED[card.task.name]


def _probabilities(prediction: Prediction, card: ModelCard) -> list[float]:
    """Give the probabilities of an answer in the order of the classes."""
    found = {score.label: score.probability for score in prediction.scores}
    return [found[label] for label in card.labels]


def _in_spread(numbers: NDArray, card: ModelCard) -> NDArray:
    assert card.target is not None
    return np.asarray(numbers, np.float64) / (card.target.deviation or 1.0)


def _as_like(
    row: Sequence[str], said: Prediction, card: ModelCard, entry: ExportFormat
) -> Message | None:
    """Tell where the script takes for known what Predict does not."""
    if entry.tolerance is None or said.similarity is None or not row[3]:
        return None
    most = entry.file_limits[0] if entry.file_limits else _SIMILARITY
    if abs(float(row[3]) - said.similarity) <= most:
        return None
    return say(
        "it finds '{file}' like what it learned by {given}, where Predict finds {known}",
        file=said.file,
        given=row[3],
        known=f"{said.similarity:.6g}",
    )


def _as_wide(
    row: Sequence[str], said: Prediction, card: ModelCard, entry: ExportFormat
) -> Message | None:
    """Tell where the script gives another range around its number than Predict."""
    assert card.target is not None
    given = float(row[3]) - float(row[2]) if row[2] and row[3] else None
    low, high = answering.span_of(replace(said, number=float(row[1])), card.target)
    known = None if low is None or high is None else high - low
    if given == known or (given and known and np.isclose(given, known)):
        return None
    return say(
        "its range for '{file}' is {given} wide, where that of Predict is {known}",
        file=said.file,
        given=f"{given or 0:.6g}",
        known=f"{known or 0:.6g}",
    )


def _other_probability(judged: Parity, entry: ExportFormat) -> tuple[Message, Message]:
    return (
        say(
            "{format}: the exported model answers '{file}' otherwise than Predict; a probability "
            "is off by {difference}.",
            format=say(entry.title),
            file=judged.worst,
            difference=f"{judged.max_difference:.2g}",
        ),
        say(
            "It names the same classes as Predict, and no probability is off by more than "
            "{tolerance}.",
            tolerance=entry.tolerance or 0.0,
        ),
    )


def _other_number(judged: Parity, entry: ExportFormat) -> tuple[Message, Message]:
    return (
        say(
            "{format}: the exported model answers '{file}' otherwise than Predict; its number is "
            "off by {difference} of how far the numbers spread.",
            format=say(entry.title),
            file=judged.worst,
            difference=f"{judged.max_difference:.2g}",
        ),
        say(
            "No number is off by more than {tolerance} of how far the numbers spread.",
            tolerance=entry.tolerance or 0.0,
        ),
    )


def _few_alike(judged: Parity, entry: ExportFormat) -> tuple[Message, Message]:
    return (
        say(
            "{format}: compressed like this, the model is useless: it gives the same class as "
            "Predict in only {share} of {num} answers.",
            format=say(entry.title),
            share=shares.percent(judged.agreement),
            num=judged.images + judged.files,
        ),
        say(
            "It must agree with Predict on more than half of all images, well above chance, and "
            "keep more than half of what was right."
        ),
    )


def _far_off(judged: Parity, entry: ExportFormat) -> tuple[Message, Message]:
    return (
        say(
            "{format}: compressed like this, the model is useless: on average its numbers are off "
            "from Predict by {share} of how far the numbers spread.",
            format=say(entry.title),
            share=shares.percent(judged.mean_difference or 0.0),
        ),
        say("It must be off by no more than {share}.", share=shares.percent(parity.MOST_OFF)),
    )


ANSWERED: Mapping[str, Answered] = {
    CLASSIFICATION: Answered(
        output="probabilities",
        columns=lambda outputs, card: parity.two_columns(outputs),
        truths=lambda labels, card: labels,
        said=_probabilities,
        given=lambda row: [float(cell) for cell in row[4:-1]],
        otherwise=_as_like,
        apart=_other_probability,
        useless=_few_alike,
    ),
    REGRESSION: Answered(
        output="number",
        columns=_in_spread,
        truths=_in_spread,
        said=lambda prediction, card: [prediction.number or 0.0],
        given=lambda row: [float(row[1])],
        otherwise=_as_wide,
        apart=_other_number,
        useless=_far_off,
    ),
}
