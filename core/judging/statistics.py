"""How sure a share of right answers is, and whether two counts differ by more than chance."""

from math import comb, exp, sqrt

from core.records import Accuracy

Z95 = 1.959963984540054  # 97.5 % point of the normal distribution


def wilson(correct: int, images: int) -> tuple[float, float]:
    """Give the 95 % interval of a share (Wilson 1927, score interval); (0, 1) without images."""
    if images == 0:
        return 0.0, 1.0
    return score_interval(correct / images, images)


def score_interval(share: float, images: float, z: float = Z95) -> tuple[float, float]:
    """Give the score interval of a share of so many images, which need not be a whole number.

    ``z``: how many standard errors to each side.
    """
    centre = share + z**2 / (2 * images)
    half = z * sqrt(share * (1 - share) / images + z**2 / (4 * images**2))
    low, high = (centre - half) / (1 + z**2 / images), (centre + half) / (1 + z**2 / images)
    return (0.0 if share == 0 else low), (1.0 if share == 1 else high)


def of_share(share: float, images: int) -> tuple[float, float]:
    """Give the 95 % interval of a share of so many images."""
    return wilson(round(share * images), images)


def student(z: float, freedom: int) -> float:
    """Give as many standard errors of Student's t as have the tails of ``z`` normal ones.

    For a spread that was estimated with so many degrees of freedom; right to 5 % from 2 on, to
    0.1 % from 9 on (Wallace 1959).
    """
    scaled = z * (8 * freedom + 3) / (8 * freedom + 1)
    return sqrt(freedom * (exp(scaled**2 / freedom) - 1))


def overlap(first: tuple[float, float], second: tuple[float, float]) -> bool:
    """Tell whether two intervals overlap, so that chance alone may make the difference."""
    return max(first[0], second[0]) <= min(first[1], second[1])


def accuracy(correct: int, images: int, *, largest_class: int) -> Accuracy:
    """Make an accuracy with its interval and the majority-class line."""
    low, high = wilson(correct, images)
    return Accuracy(
        accuracy=correct / images if images else 0.0,
        low=low,
        high=high,
        images=images,
        majority=largest_class / images if images else 0.0,
    )


def sign_test(better: int, worse: int) -> float:
    """Give how often chance alone makes two counts as uneven, or more (exact, two-sided).

    Of pairs in which either side may win alike, `better` were won and `worse` lost; ties are left
    out (McNemar 1947; Conover, Practical Nonparametric Statistics, 3.4).
    """
    pairs = better + worse
    tail = sum(comb(pairs, k) for k in range(max(better, worse), pairs + 1))
    return min(1.0, 2 * tail / 2**pairs)
