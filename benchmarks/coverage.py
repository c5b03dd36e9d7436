"""How often the interval of a validation score holds: ``python run.py bench coverage``.

Images are made up: each has a difficulty that all models share and a part of its own for each state
of a model, so answers are correlated as those of real ones are. The rule of the product chooses,
its interval is written down, and the true accuracy of what was kept lies inside or not.
"""

import argparse
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from benchmarks.bench import table
from core.judging import paired, picking, statistics

IMAGES = (20, 50, 100, 200, 500, 2000)
ACCURACIES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)  # of the head
GAINS = (-0.05, -0.025, 0.0, 0.025, 0.05)  # of fine-tuning
SHARED = (0.5, 0.9)  # of the spread of an image is its difficulty, for any model
GROUP_SIZE = 5
EPOCHS, PATIENCE = 30, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the images are like, and what is done with them."""

    images: int
    gain: float
    ends_early: bool = False
    group_size: int = 1
    alike: float = 0.0  # of the difficulty is that of the group


@dataclass(frozen=True, slots=True)
class Held:
    """What came of many trials, as shares of them."""

    plain: float = 0.0  # the interval of Wilson held
    widened: float = 0.0  # the one of the product did
    head: float = 0.0  # the head alone was kept
    too_high: float = 0.0  # how much the score was, on average
    moved: float = 0.0  # how much the lower bound was, on average


def trial(rng: np.random.Generator, setting: Setting, accuracy: float, shared: float) -> Held:
    """Train once, choose once, judge once."""
    last = min(0.995, accuracy + setting.gain)
    difficulty = _difficulty(rng, setting)
    first = _answers(rng, difficulty, shared, accuracy)
    true, second = last, _answers(rng, difficulty, shared, last)
    if setting.ends_early:
        true, second = _ended(rng, difficulty, shared, (accuracy, last))
    groups = [str(i // setting.group_size) for i in range(setting.images)]
    groups = [] if setting.group_size == 1 else groups
    worse = paired.compare(first, second, groups).is_worse
    kept, true = (first, accuracy) if worse else (second, true)
    score = statistics.accuracy(int(kept.sum()), setting.images, largest_class=1)
    cost = picking.cost(first, second, groups)
    widened = picking.widened(score, cost)
    return Held(
        plain=score.low <= true <= score.high,
        widened=widened.low <= true <= widened.high,
        head=worse,
        too_high=score.accuracy - true,
        moved=cost,
    )


def _difficulty(rng: np.random.Generator, setting: Setting) -> np.ndarray:
    own = rng.normal(size=setting.images)
    groups = rng.normal(size=-(-setting.images // setting.group_size))
    of_group = np.repeat(groups, setting.group_size)[: setting.images]
    return np.sqrt(1 - setting.alike) * own + np.sqrt(setting.alike) * of_group


def _margins(
    rng: np.random.Generator, difficulty: np.ndarray, shared: float, accuracy: float
) -> np.ndarray:
    own = rng.normal(size=len(difficulty))
    hard = np.sqrt(shared) * difficulty + np.sqrt(1 - shared) * own
    return NormalDist().inv_cdf(accuracy) - hard


def _answers(
    rng: np.random.Generator, difficulty: np.ndarray, shared: float, accuracy: float
) -> np.ndarray:
    return _margins(rng, difficulty, shared, accuracy) > 0


def _ended(
    rng: np.random.Generator,
    difficulty: np.ndarray,
    shared: float,
    accuracies: tuple[float, float],
) -> tuple[float, np.ndarray]:
    """Go from one accuracy to another until neither loss nor accuracy has got better for a while.

    Gives the true accuracy of the last epoch and its answers.
    """
    start, end = accuracies
    least, most, waited = np.inf, -np.inf, 0
    for epoch in range(1, EPOCHS + 1):
        wobble = 0.01 * rng.normal()  # epochs differ, and not only by chance of the images
        true = float(np.clip(end + (start - end) * 0.8**epoch + wobble, 0.05, 0.995))
        margins = _margins(rng, difficulty, shared, true)
        loss, right = np.log1p(np.exp(-2 * margins)).mean(), (margins > 0).mean()
        waited = 0 if loss < least or right > most else waited + 1
        least, most = min(least, loss), max(most, right)
        if waited == PATIENCE:
            break
    return true, margins > 0


def measure(setting: Setting, trials: int, seed: int = 0) -> Held:
    """Average over accuracies of the head and over how alike models answer."""
    cells = list(itertools.product(ACCURACIES, SHARED))
    rng = np.random.default_rng(seed)
    found = [trial(rng, setting, *cells[i % len(cells)]) for i in range(trials * len(cells))]
    return Held(*(float(np.mean([getattr(f, name) for f in found])) for name in Held.__slots__))


def settings(images: Sequence[int] = IMAGES) -> dict[str, list[Setting]]:
    """Give what is measured, by what it shows."""
    return {
        "one choice, fine-tuned or the head alone": [
            Setting(images=n, gain=gain) for n in images for gain in GAINS
        ],
        "and an early end": [
            Setting(images=n, gain=gain, ends_early=True) for n in images for gain in (0.0, 0.025)
        ],
        f"groups of {GROUP_SIZE} that are no more alike than other images": [
            Setting(images=n, gain=gain, group_size=GROUP_SIZE)
            for n in images[2:]
            for gain in (-0.05, 0.0)
        ],
        f"groups of {GROUP_SIZE} that are alike": [
            Setting(images=n, gain=0.0, group_size=GROUP_SIZE, alike=0.5) for n in images[2:]
        ],
    }


def _row(setting: Setting, held: Held) -> tuple[str, ...]:
    return (
        f"{setting.images}",
        f"{100 * setting.gain:+.1f}",
        f"{held.head:.1%}",
        f"{100 * held.too_high:+.2f}",
        f"{100 * held.moved:.2f}",
        f"{held.plain:.1%}",
        f"{held.widened:.1%}",
    )


def show(name: str, rows: Iterable[Setting], trials: int, of: Callable = measure) -> None:
    """Print the table of some settings."""
    head = ("images", "gain", "head kept", "score too high by", "bound moved by")
    print(f"\n{name}\n")
    table((*head, "Wilson holds", "Thaw's holds"), *(_row(s, of(s, trials)) for s in rows))


def main(arguments: Sequence[str]) -> None:
    """Print the tables: points of a hundred, and shares of all trials."""
    parser = argparse.ArgumentParser(prog="python run.py bench coverage", description=__doc__)
    parser.add_argument("--trials", type=int, default=400, help="for each accuracy and likeness")
    options = parser.parse_args(arguments)
    for name, rows in settings().items():
        show(name, rows, options.trials)
