"""What the curves of a run say and what mends it, as far as its images can carry that.

Training figures stand on many images, those of validation on few: a claim about the latter needs
an interval, or a rule that errs on the quiet side (docs/decisions/coach.md has how often it does).
"""

from collections.abc import Iterator, Sequence

from core.insights.coaching import differences, faults
from core.insights.coaching.curves import Advice, AdviceKind, Curves, Evidence
from core.records import EpochMetrics, TrainConfig

MANY = 100  # validation images from which a score can carry a verdict


def advise(
    config: TrainConfig, epochs: Sequence[EpochMetrics], evidence: Evidence, *, is_over: bool
) -> list[Advice]:
    """Say what the epochs show, of which the last is the model's; nothing without validation."""
    if not epochs or any(e.val_loss is None for e in epochs) or not evidence.witnesses:
        return []
    epochs = [*epochs[:-1], evidence.figures.settled(epochs[-1])]
    earlier = [e for e in epochs if e.phase is not epochs[-1].phase]
    curves = Curves(
        config=config,
        epochs=[e for e in epochs if e.phase is epochs[-1].phase],
        before=earlier[-1] if earlier else None,
        evidence=evidence,
    )
    return list(_all(curves, is_over=is_over))


def _all(curves: Curves, *, is_over: bool) -> Iterator[Advice]:
    """Say the first of the faults, or else how training and validation differ; no cause twice."""
    rules = () if curves.is_solved else (faults.rate_too_high, faults.stuck, faults.overfitting)
    found = next((advice for rule in rules if (advice := rule(curves))), None)
    found = found or differences.gap(curves, is_over=is_over) or differences.above(curves)
    if found:
        yield found
    is_said = found is not None and found.kind is AdviceKind.FEW
    if not is_over and not is_said and curves.evidence.witnesses < MANY:
        yield differences.few(curves)
