"""What a model that was taken away says of a photo, by what it learned; the script carries this."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.exports.openers import Model

HERE = Path(__file__).parent
UNKNOWN = "unlike anything it learned from:"
BEYOND = "beyond all numbers it learned from"
Card = dict[str, Any]  # model.json


class NoAnswerError(Exception):
    """A model that says nothing of a photo."""


@dataclass(frozen=True, kw_only=True)
class PhotoAnswer:
    """What is said of a photo: to people, in a table, and to programs."""

    line: str
    cells: list[Any]
    told: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Answering:
    """How models of a task answer."""

    columns: Callable[[Card], list[str]]  # of the table, between the file and the error
    answer: Callable[[Model, Card, np.ndarray], PhotoAnswer]  # image: (size, size, 3) float32
    facts: Callable[[Card], dict[str, Any]]  # what programs are told of the model


def answering(card: Card) -> Answering:
    """Give how the model that model.json describes answers."""
    return ANSWERING[card["config"].get("task", "classification")]


def percent(share: float) -> str:
    """Write a probability; all is only said of all."""
    return ">99.9%" if 0.9995 <= share < 1 else f"{share:.1%}"


def judge(
    model: Model, card: Card, image: np.ndarray
) -> tuple[str, bool | None, float | str, list[float]]:
    """Give the class, whether it is known, how like it is, and the probability of every class.

    ``image``: (size, size, 3) float32, from `pixels`.
    """
    given = _asked(model, image, "probabilities")
    scores = [float(score) for score in given["probabilities"][0]]
    if card["config"]["output"] == "sigmoid":  # one number, for the second class
        scores = [1 - scores[0], scores[0]]
    similarity, known = likeness(given.get("features"))
    return card["labels"][int(np.argmax(scores))], known, similarity, scores


def likeness(features: np.ndarray | None) -> tuple[float | str, bool | None]:
    """Give how like a photo is to what was learned (cosine), and whether that makes it known.

    ``features``: (1, channels). None where the model cannot tell.
    """
    if features is None or not (HERE / "unknown.npz").exists():
        return "", None
    with np.load(HERE / "unknown.npz", allow_pickle=False) as rule:
        length = np.linalg.norm(features[0]) or 1.0
        cosine = float((rule["directions"] @ (features[0] / length)).max())
        threshold = float(rule["threshold"])
    return cosine, None if np.isnan(threshold) else cosine >= threshold


def of_class(model: Model, card: Card, image: np.ndarray) -> PhotoAnswer:
    """Say which class a photo shows, and how strongly the model names it.

    ``image``: (size, size, 3) float32, from `pixels`.
    """
    label, known, similarity, scores = judge(model, card, image)
    ordered = sorted(zip(scores, card["labels"], strict=True), key=lambda pair: -pair[0])
    return PhotoAnswer(
        line=" ".join([*([UNKNOWN] if known is False else []), label, percent(max(scores))]),
        cells=[label, "" if known is None else yes_or_no(known), similarity, *scores],
        told={
            "label": label,
            "probability": max(scores),
            "known": known,
            "similarity": None if similarity == "" else similarity,
            "scores": [{"label": name, "probability": score} for score, name in ordered],
        },
    )


def read_off(
    model: Model, card: Card, image: np.ndarray
) -> tuple[float, float | None, float | None]:
    """Give the number that is read off a photo, and the range of the truth nine times in ten.

    None: too few images could tell that, or the number is a guess, beyond all that it learned.
    ``image``: (size, size, 3) float32, from `pixels`.
    """
    number = float(_asked(model, image, "number")["number"][0][0])
    half = None if is_beyond(number, card["target"]) else card["target"]["half_range"]
    return (number, None, None) if half is None else (number, number - half, number + half)


def is_beyond(number: float, target: Card) -> bool:
    """Tell whether a number lies farther outside of those learned than answers are off anyway."""
    low, high = target["known"]
    return not low <= number <= high


def _asked(model: Model, image: np.ndarray, output: str) -> dict[str, np.ndarray]:
    """Ask a model. Raises `NoAnswerError` where it answers nothing that means anything."""
    given = model(image[None])
    if output not in given:
        raise NoAnswerError("the model is not the one that model.json describes")
    if not np.isfinite(given[output]).all():
        raise NoAnswerError("the model has no answer to it")
    return given


def of_number(model: Model, card: Card, image: np.ndarray) -> PhotoAnswer:
    """Say the number that is read off a photo, with its range.

    ``image``: (size, size, 3) float32, from `pixels`.
    """
    (number, low, high), target = read_off(model, card, image), card["target"]
    beyond = is_beyond(number, target)
    span = "" if low is None or high is None else f"({in_unit(target, low, high)})"
    told = {"number": number, "low": low, "high": high, "unit": target["unit"], "beyond": beyond}
    return PhotoAnswer(
        line=" ".join(filter(None, [in_unit(target, number), span, BEYOND if beyond else ""])),
        cells=[number, *("" if one is None else one for one in (low, high)), yes_or_no(beyond)],
        told=told,
    )


def in_unit(target: Card, *numbers: float) -> str:
    """Write a number or its bounds, with as many digits as mean something, and the unit once."""
    written = [_digits(number, target["decimals"]) for number in numbers]
    plain = [text if text.strip("-0.") else text.removeprefix("-") for text in written]
    gap = "" if target["unit"] in ("", "%") else " "
    return " to ".join(plain) + gap + target["unit"]


def _headed(unit: str) -> str:
    return f"number ({unit})" if unit else "number"


def _digits(number: float, decimals: int) -> str:
    """Write a number; what needs more than 8 decimals, with a power of ten."""
    return f"{number:.{decimals}f}" if decimals <= 8 else f"{round(number, decimals):.12g}"


def yes_or_no(fact: bool) -> str:
    """Write it for a table."""
    return "yes" if fact else "no"


ANSWERING: Mapping[str, Answering] = {  # by the task of its training
    "classification": Answering(
        columns=lambda card: ["label", "known", "similarity", *card["labels"]],
        answer=of_class,
        facts=lambda card: {"labels": card["labels"]},
    ),
    "regression": Answering(
        columns=lambda card: [_headed(card["target"]["unit"]), "low", "high", "beyond"],
        answer=of_number,
        facts=lambda card: {"target": card["target"]},
    ),
}
