"""L-BFGS finds the minima that are known."""

from dataclasses import dataclass

import numpy as np
import pytest

from core.judging import lbfgs


@dataclass(frozen=True)
class Seen:
    value: float
    gradient: np.ndarray
    scale: np.ndarray


CURVATURES = np.geomspace(1, 100, 30)


def bowl(point: np.ndarray, scale: np.ndarray | float = 1.0) -> Seen:
    """A parabola along each axis, lowest at 1, 2, 3, ..."""
    away = point - np.arange(1, 31)
    value = float(0.5 * (CURVATURES * away**2).sum())
    return Seen(value, CURVATURES * away, np.broadcast_to(scale, point.shape))


@pytest.mark.parametrize(("scale", "most"), [(1.0, 150), (CURVATURES, 2)])
def test_the_minimum_is_found_and_sooner_where_the_curvature_is_known(scale, most: int):
    steps = list(lbfgs.minimise(lambda p: bowl(p, scale), np.zeros(30), tolerance=1e-8, limit=1000))

    assert steps[-1].converged
    assert steps[-1].point == pytest.approx(np.arange(1, 31), abs=1e-6)
    assert len(steps) <= most


def test_every_step_goes_down_and_only_the_last_has_arrived():
    steps = list(lbfgs.minimise(bowl, np.zeros(30), tolerance=1e-6, limit=1000))

    values = [step.seen.value for step in steps]
    assert values == sorted(values, reverse=True)
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert [step.converged for step in steps] == [False] * (len(steps) - 1) + [True]


def test_the_limit_ends_it_before_it_has_arrived():
    steps = list(lbfgs.minimise(bowl, np.zeros(30), tolerance=1e-6, limit=3))

    assert [step.converged for step in steps] == [False] * 3


def test_whoever_starts_at_the_minimum_has_arrived_at_once():
    (step,) = lbfgs.minimise(bowl, np.arange(1.0, 31.0), tolerance=1e-6, limit=9)

    assert step.converged
    assert step.number == 1


def test_a_step_that_leads_too_far_is_shortened():
    def valley(point: np.ndarray) -> Seen:
        grown = np.exp(np.abs(point))
        value = float((grown + 1 / grown).sum())
        return Seen(value, np.sign(point) * (grown - 1 / grown), np.full(point.shape, 0.1))

    steps = list(lbfgs.minimise(valley, np.full(2, 3.0), tolerance=1e-6, limit=100))

    assert steps[-1].converged
    assert steps[-1].point == pytest.approx(np.zeros(2), abs=1e-6)
