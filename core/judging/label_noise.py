"""How many labels are wrong: more than a judge that knows its own limits can explain.

Right labels contradict a judge too; its probabilities say how often. So each label is either right,
and then drawn from those probabilities at a temperature (Guo et al., ICML 2017), or wrong, and then
any other class (Lawrence, Schölkopf: Kernel Fisher with label noise, ICML 2001). Temperature and
share of wrong labels are fitted together by maximum likelihood. What this finds and what it misses:
docs/decisions/label-issues.md.
"""

from dataclasses import dataclass

import numpy as np

_TEMPERATURES = np.geomspace(0.1, 30.0, 50)
_USUAL = 0.02  # of the labels of a data set; of well-known ones 3 % (Northcutt et al. 2021)
_SHARES = np.concatenate([[0.0], np.geomspace(_USUAL, 0.2, 40)])
_EVIDENCE = 1.35  # in log-likelihood: without wrong labels, chance gives that in 1 of 20 sets
_LEAST = 1e-12  # a probability that still has a logarithm


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """The share of wrong labels that explains them best, with the judge's temperature beside it."""

    share: float  # 0..1; the usual one where the labels are no evidence of more
    temperature: float


def fit(given: np.ndarray, probabilities: np.ndarray) -> Noise:
    """Fit the labels.

    `given`: (images,) int, columns of `probabilities`: (images, classes) float in 0..1.
    """
    likelihoods = np.stack(
        [_likelihoods(_own(given, probabilities, t), probabilities) for t in _TEMPERATURES]
    )
    best = likelihoods.max(axis=0)
    share = max(1, int(best.argmax())) if best.max() - best[0] >= _EVIDENCE else 1
    temperature = int(likelihoods[:, share].argmax())
    return Noise(share=float(_SHARES[share]), temperature=float(_TEMPERATURES[temperature]))


def probability_wrong(given: np.ndarray, probabilities: np.ndarray, noise: Noise) -> np.ndarray:
    """Give how likely each label is wrong (Bayes).

    ``given``: (images,) int64, the class that each has; ``probabilities``: (images, classes) float,
    each from a model that did not see the image. Gives (images,) float in 0..1.
    """
    own = _own(given, probabilities, noise.temperature)
    wrong = noise.share * _by_mistake(own, probabilities)
    found: np.ndarray = wrong / np.maximum(wrong + (1 - noise.share) * own, _LEAST)
    return found


def _own(given: np.ndarray, probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Give the probability of each given label at a temperature."""
    raised = np.maximum(probabilities, _LEAST) ** (1 / temperature)
    found: np.ndarray = raised[np.arange(len(given)), given] / raised.sum(axis=1)
    return found


def _by_mistake(own: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Give the probability of each given label where another class is right."""
    found: np.ndarray = (1 - own) / max(probabilities.shape[1] - 1, 1)
    return found


def _likelihoods(own: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Give the log-likelihood of all labels under each share of wrong ones."""
    mistaken = _SHARES[:, None] * _by_mistake(own, probabilities)
    mixed = (1 - _SHARES)[:, None] * own + mistaken
    found: np.ndarray = np.log(np.maximum(mixed, _LEAST)).sum(axis=1)
    return found
