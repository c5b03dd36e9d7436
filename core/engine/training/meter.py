"""How much of a run is done, and how long the rest takes: one figure that does not jump."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from core.models.step_times import Step

WINDOW = 10.0  # seconds whose forecasts are taken together
TOO_EARLY = 0.05  # of the run; before it nothing is said
_FIRST = 0.1  # of a step: how much must be over for its own pace to weigh as much as the usual
_READY = 0.1  # of what was expected; a step that took less was done before: features were kept
_TRUST = 0.2  # of the whole: how much must be over to weigh as much as what was expected
_BOUNDS = (0.5, 2.0)  # of what was expected of steps to come: as wide as what is said before Start


@dataclass(slots=True)
class Meter:
    """Follows a run through its steps; ``expected`` holds the seconds of each, in order."""

    expected: Mapping[Step, float]
    step: Step | None = None
    since: float = 0.0
    share: float = 0.0  # of this step
    skipped: float = 0.0  # share of this step that was there when it began
    ends: deque[tuple[float, float]] = field(default_factory=deque)  # when said, the end foreseen
    took: float = 0.0  # seconds of the steps behind
    meant: float = 0.0  # seconds that were expected of them

    def enter(self, step: Step, now: float, *, share: float = 0.0) -> None:
        """Begin a step of which a share is there already."""
        took, meant = self._own_so_far(now, 1.0)
        self.took, self.meant = self.took + took, self.meant + meant
        self.step, self.since, self.share, self.skipped = step, now, share, share

    def advance(self, share: float, now: float) -> None:
        """Take in how far this step is, and foresee the end of the run."""
        self.share = share
        self.ends.append((now, now + self._rest(now)))
        while self.ends[0][0] < now - WINDOW:
            self.ends.popleft()

    @property
    def done(self) -> float:
        """Give the share of the whole run."""
        total = sum(self.expected.values())
        return min(1.0, self._behind() / total) if total else 0.0

    def seconds_left(self, now: float) -> float | None:
        """Give the median of the last forecasts; None while too little is known."""
        if self.done < TOO_EARLY or not self.ends:
            return None
        if self.done >= 1:
            return 0.0
        return max(median(end for _, end in self.ends) - now, 0.0)

    @property
    def _own(self) -> float:
        return self.expected.get(self.step, 0.0) if self.step else 0.0

    def _rest(self, now: float) -> float:
        """Add what is left of this step at its own pace to the steps to come."""
        own = self._own * (1 - self.share)
        to_come = sum(self.expected.values()) - self._behind() - own
        low, high = _BOUNDS
        usual = min(max(self._usual(now), low), high)
        return own * self._pace(now, usual) + to_come * usual

    def _pace(self, now: float, usual: float) -> float:
        """Compare this step with what was expected, the more the more of it is over."""
        over, trust = self._own * (self.share - self.skipped), _FIRST * self._own
        return (now - self.since + trust * usual) / (over + trust) if over else usual

    def _usual(self, now: float) -> float:
        """Compare all that is over with what was expected of it; little of it says little."""
        took, meant = self._own_so_far(now, self.share)
        trust = _TRUST * sum(self.expected.values())
        return (self.took + took + trust) / (self.meant + meant + trust)

    def _own_so_far(self, now: float, share: float) -> tuple[float, float]:
        """Give the seconds of this step and what was expected; what was found ready is left out."""
        took, meant = now - self.since, self._own * (share - self.skipped)
        return (took, meant) if took > _READY * meant else (0.0, 0.0)

    def _behind(self) -> float:
        if self.step is None or self.step not in self.expected:
            return 0.0
        steps = list(self.expected)
        before = sum((self.expected[step] for step in steps[: steps.index(self.step)]), 0.0)
        return before + self.share * self.expected[self.step]
