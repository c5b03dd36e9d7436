"""Whether an exported model answers what the model here answers: arithmetic on both answers.

A compressed format promises no equality, but one that has collapsed (a class for everything, or
chance) is refused as well: `is_useless`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import calibration, gains
from core.judging.numbers import scoring
from core.records import Parity

CLEAR = 2e-3  # the best two classes are further apart than this: both must name the same
LEAST_AGREEMENT = 0.5  # of the interval's lower end: the same class for every second image, surely
LEAST_KAPPA = 0.5  # of agreement beyond what chance gives: half of the way to all
LEAST_DIFFERENT = 3  # answers, to tell that from
MOST_OFF = 0.25  # of how far numbers spread, on average, by which a compressed model may be off


@dataclass(frozen=True, kw_only=True, eq=False)
class AnswerPair:
    """What two models say of the same images: (images, classes) float each, and of what."""

    expected: NDArray
    given: NDArray
    names: Sequence[str]
    groups: Sequence[str] = ()  # of each image; empty where it stands alone

    @property
    def is_number(self) -> bool:
        """Tell whether the answers are numbers, in shares of how far these spread."""
        return int(self.expected.shape[1]) == 1

    @property
    def differences(self) -> NDArray:
        """Give the largest difference of each image: (images,) float.

        It is infinite where an answer is no number.
        """
        difference = np.abs(np.asarray(self.given, np.float64) - self.expected)
        found: NDArray = np.where(np.isfinite(difference), difference, np.inf).max(axis=1)
        return found

    @property
    def without_numbers(self) -> list[str]:
        """Name the images of which an answer is no number."""
        numbers = np.isfinite(self.differences).tolist()
        return [name for name, good in zip(self.names, numbers, strict=True) if not good]

    @property
    def agree(self) -> NDArray[np.bool_]:
        """Tell of each image whether both name the same class: (images,) bool."""
        same: NDArray[np.bool_] = self.given.argmax(axis=1) == self.expected.argmax(axis=1)
        return same

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Tell of each image whether its best two classes are well apart: (images,) bool."""
        if self.is_number:
            return np.zeros(len(self.names), np.bool_)
        best = np.sort(self.expected, axis=1)[:, -2:]
        apart: NDArray[np.bool_] = best[:, 1] - best[:, 0] > CLEAR
        return apart


def two_columns(probabilities: NDArray) -> NDArray:
    """Give a column for each class, also of a sigmoid: (images, classes) float."""
    one = probabilities.shape[1] == 1
    return np.hstack([1 - probabilities, probabilities]) if one else probabilities


def judge(
    pixels: AnswerPair,
    files: AnswerPair,
    *,
    tolerance: float | None,
    truths: NDArray | None,
    milliseconds: float,
    file_limits: tuple[float, float] | None = None,
) -> Parity:
    """Judge the answers to the same pixels and to the same files.

    ``truths``: (images,), the classes or numbers of held-out ones. Without a ``tolerance`` (a
    compressed format) all passes that is a number and not useless, and what is lost is told.
    ``file_limits``: the largest difference and the least agreement of files, where another program
    decodes them.
    """
    differences = np.concatenate([pixels.differences, files.differences])
    agree = np.concatenate([pixels.agree, files.agree])
    clear = np.concatenate([pixels.clear, files.clear])
    suspects = differences + np.where(~agree & clear, 1.0, 0.0)
    worst, sure = float(differences.max()), calibration.of_right(pixels.agree, pixels.groups)
    found = Parity(
        images=len(pixels.names),
        files=len(files.names),
        max_difference=worst if np.isfinite(worst) else 1.0,
        worst=[*pixels.names, *files.names][int(suspects.argmax())],
        agreement=float(agree.mean()),
        agreement_low=sure.low,
        agreement_high=sure.high,
        kappa=kappa(pixels),
        accuracy=None,
        accuracy_change=None,
        milliseconds=round(milliseconds, 3),
        passed=_passes(pixels, files, tolerance, file_limits),
        is_number=pixels.is_number,
        mean_difference=float(pixels.differences.mean()) if np.isfinite(worst) else None,
    )
    if truths is not None:
        found = (_with_error if pixels.is_number else _with_accuracy)(found, pixels, truths)
    return replace(found, passed=False) if tolerance is None and is_useless(found) else found


def _passes(
    pixels: AnswerPair,
    files: AnswerPair,
    tolerance: float | None,
    file_limits: tuple[float, float] | None,
) -> bool:
    if tolerance is None:
        return bool(np.isfinite([*pixels.differences, *files.differences]).all())
    of_files = _is_near(files, *file_limits) if file_limits else _is_same(files, tolerance)
    return _is_same(pixels, tolerance) and of_files


def _is_same(answers: AnswerPair, tolerance: float) -> bool:
    near = bool((answers.differences <= tolerance).all())
    return near and bool((answers.agree | ~answers.clear).all())


def _is_near(answers: AnswerPair, most: float, least_agreement: float) -> bool:
    near = bool((answers.differences <= most).all())
    return near and bool((answers.agree | ~answers.clear).mean() >= least_agreement)


def kappa(answers: AnswerPair) -> float | None:
    """Give the agreement beyond chance: 1 is all of it, 0 none (Cohen 1960).

    None where too few answers differ to tell, as where all but one are of the same class.
    """
    classes = range(answers.expected.shape[1])
    first, second = answers.expected.argmax(axis=1), answers.given.argmax(axis=1)
    if (first != second).sum() < LEAST_DIFFERENT:
        return None
    chance = sum(float((first == one).mean() * (second == one).mean()) for one in classes)
    return (float(answers.agree.mean()) - chance) / (1 - chance)


def is_useless(parity: Parity) -> bool:
    """Tell whether a compressed model has collapsed, so that nobody should take it.

    It may name another class for every second image, agrees hardly more than chance would, or has
    surely lost more than half of what was right. Where all agree, few images are no reason. Of
    numbers, where it is off by too much on average.
    """
    if parity.is_number:
        return (parity.mean_difference or 0.0) > MOST_OFF
    if parity.agreement_low is None or parity.agreement == 1:
        return False
    is_near_chance = parity.kappa is not None and parity.kappa < LEAST_KAPPA
    return parity.agreement_low < LEAST_AGREEMENT or is_near_chance or _is_halved(parity)


def _is_halved(parity: Parity) -> bool:
    now, change, high = parity.accuracy, parity.accuracy_change, parity.change_high
    return now is not None and change is not None and now < -change and (high or 0.0) < 0


def _with_accuracy(found: Parity, pixels: AnswerPair, labels: NDArray) -> Parity:
    """Add the accuracy of the exported model, and its change with the interval of that."""
    before, now = pixels.expected.argmax(axis=1) == labels, pixels.given.argmax(axis=1) == labels
    change = gains.measure(before, now, pixels.groups, spread=1.0)
    return replace(
        found,
        accuracy=float(now.mean()),
        accuracy_change=change.value,
        change_low=change.low,
        change_high=change.high,
    )


def _with_error(found: Parity, pixels: AnswerPair, numbers: NDArray) -> Parity:
    """Add the mean absolute error of the exported model, and its change with the interval of that.

    There is no interval, and no change is told, where too few images are at hand for one.
    """
    said, now = pixels.expected[:, 0], pixels.given[:, 0]
    if not np.isfinite(now).all():
        return found
    groups = pixels.groups or [""] * len(said)
    less, low, high = scoring.change(numbers, said, now, groups)
    found = replace(found, error=float(np.abs(now - numbers).mean()))
    if not np.isfinite([low, high]).all():
        return found
    return replace(found, error_change=-less, change_low=-high, change_high=-low)
