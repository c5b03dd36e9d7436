"""Find the minimum of a smooth convex function: L-BFGS, started from a guess of the curvature.

Nocedal, Wright: Numerical Optimization, 2nd ed., algorithms 7.4 and 7.5. A convex function
needs no Wolfe condition for its curvature pairs, so steps are shortened until they descend enough.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_MEMORY = 10
_ENOUGH = 1e-4  # of the descent that the slope promises
_ROUNDING = 1e-13  # of the value: what is smaller than that is no ascent
_SHORTENED = 40  # times at most


class Evaluation(Protocol):
    """A function at a point, with whatever else was computed on the way."""

    @property
    def value(self) -> float: ...
    @property
    def gradient(self) -> Array: ...
    @property
    def scale(self) -> Array: ...  # about the diagonal of the Hessian


E = TypeVar("E", bound=Evaluation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[E]):
    """Where the search stands after an iteration."""

    number: int  # from 1
    point: Array
    seen: E
    converged: bool


def minimise(
    function: Callable[[Array], E], start: Array, *, tolerance: float, limit: int
) -> Iterator[Step[E]]:
    """Give each step on the way down; the last has converged, unless it is number `limit`.

    Converged: a Newton step on the diagonal would lower the value by less than `tolerance` ** 2 /
    2. `start`: any shape, float64.
    """
    point, seen = start, function(start)
    pairs: deque[tuple[Array, Array]] = deque(maxlen=_MEMORY)
    for number in range(1, limit + 1):
        if _decrement(seen.gradient, seen.scale) > tolerance:
            new_point, new = _descend(
                function, point, seen, _direction(seen.gradient, pairs, seen.scale)
            )
            change = new_point - point, new.gradient - seen.gradient
            if np.vdot(*change) > 0:
                pairs.append(change)
            point, seen = new_point, new
        converged = _decrement(seen.gradient, seen.scale) <= tolerance
        yield Step(number=number, point=point, seen=seen, converged=converged)
        if converged:
            return


def _decrement(gradient: Array, scale: Array) -> float:
    return math.sqrt(float(np.vdot(gradient, gradient / scale)))


def _direction(gradient: Array, pairs: deque[tuple[Array, Array]], scale: Array) -> Array:
    """Give the quasi-Newton direction by the two loops over the remembered steps."""
    aim, shares = -gradient, []
    for step, change in reversed(pairs):
        share = np.vdot(step, aim) / np.vdot(step, change)
        aim = aim - share * change
        shares.append(share)
    aim = aim / scale
    if pairs:
        step, change = pairs[-1]
        aim *= np.vdot(step, change) / np.vdot(change, change / scale)
    for (step, change), share in zip(pairs, reversed(shares), strict=True):
        aim += (share - np.vdot(change, aim) / np.vdot(step, change)) * step
    return aim


def _descend(
    function: Callable[[Array], E], point: Array, seen: E, direction: Array
) -> tuple[Array, E]:
    """Go along a direction, the whole way or less, until the value is low enough."""
    slope = float(np.vdot(seen.gradient, direction))
    length = 1.0
    for _ in range(_SHORTENED):
        new_point = point + length * direction
        new = function(new_point)
        rise = new.value - seen.value
        if rise <= _ENOUGH * length * slope + _ROUNDING * abs(seen.value):
            break
        length *= min(0.5, max(0.1, -slope * length / (2 * (rise - slope * length))))
    return new_point, new
