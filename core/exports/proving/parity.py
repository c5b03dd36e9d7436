"""Whether an exported model answers what the model here answers: arithmetic on both answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging.statistics import paired_change
from core.records import Parity

CLEAR = 2e-3  # the best two classes are further apart than this: both must name the same


@dataclass(frozen=True, kw_only=True, eq=False)
class AnswerPair:
    """What two models say of the same images: (images, classes) float each, and of what."""

    expected: NDArray
    given: NDArray
    names: Sequence[str]

    @property
    def differences(self) -> NDArray:
        """Give the largest difference of each image: (images,) float.

        It is infinite where an answer is no number.
        """
        difference = np.abs(np.asarray(self.given, np.float64) - self.expected)
        found: NDArray = np.where(np.isfinite(difference), difference, np.inf).max(axis=1)
        return found

    @property
    def agree(self) -> NDArray[np.bool_]:
        """Tell of each image whether both name the same class: (images,) bool."""
        same: NDArray[np.bool_] = self.given.argmax(axis=1) == self.expected.argmax(axis=1)
        return same

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Tell of each image whether its best two classes are well apart: (images,) bool."""
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
    labels: NDArray[np.int64] | None,
    milliseconds: float,
    file_limits: tuple[float, float] | None = None,
) -> Parity:
    """Judge the answers to the same pixels and to the same files.

    ``labels``: (images,), of held-out ones. Without a ``tolerance`` (a compressed format) numbers
    are enough to pass, and what is lost is told. ``file_limits``: the largest difference and the
    least agreement of files, where another program decodes them.
    """
    differences = np.concatenate([pixels.differences, files.differences])
    agree = np.concatenate([pixels.agree, files.agree])
    clear = np.concatenate([pixels.clear, files.clear])
    suspects = differences + np.where(~agree & clear, 1.0, 0.0)
    accuracy, change, interval = _accuracy(pixels, labels)
    worst = float(differences.max())
    return Parity(
        images=len(pixels.names),
        files=len(files.names),
        max_difference=worst if np.isfinite(worst) else 1.0,
        worst=[*pixels.names, *files.names][int(suspects.argmax())],
        agreement=float(agree.mean()),
        accuracy=accuracy,
        accuracy_change=change,
        change_low=interval[0],
        change_high=interval[1],
        milliseconds=round(milliseconds, 3),
        passed=_passes(pixels, files, tolerance, file_limits),
    )


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


def _accuracy(
    pixels: AnswerPair, labels: NDArray[np.int64] | None
) -> tuple[float | None, float | None, tuple[float | None, float | None]]:
    """Give the accuracy of the exported model, its change, and the interval of that."""
    if labels is None:
        return None, None, (None, None)
    before, now = pixels.expected.argmax(axis=1) == labels, pixels.given.argmax(axis=1) == labels
    fixed, broke = int((now & ~before).sum()), int((before & ~now).sum())
    change = (fixed - broke) / len(labels)
    return float(now.mean()), change, paired_change(fixed, broke, len(labels))
