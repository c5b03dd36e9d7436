"""What a run has to beat, and whether it surely does: by a paired test on the same images."""

import contextlib
from collections.abc import Iterator, Mapping

import numpy as np

from core.datasets import baselines
from core.errors import UserError
from core.insights import verdict
from core.judging import paired
from core.records import Baseline, Baselines, Paired, Run, Split
from core.run_results import evaluation, predictions
from core.run_results.predictions import PartPredictions
from core.words import Message
from core.workspace import Workspace


def baselines_of(ws: Workspace, run: Run, split: Split = Split.VALIDATION) -> Baselines | None:
    """Give what simple rules score on the images of a part; None: not known yet.

    Those that another run of the same images left count as well; of the test part only once it was
    opened for this run.
    """
    if split is Split.TEST:
        is_open = ws.run(run.id).test_predictions.exists()
        return baselines.known(ws, run.config, split) if is_open else None
    found = evaluation.read(ws.run(run.id))
    if found is not None:
        return found.baselines
    return baselines.known(ws, run.config) if run.config.validates else None


def find(ws: Workspace, run: Run, split: Split = Split.VALIDATION) -> Baselines | None:
    """Give them, computed now where they are not known; None: the images are gone, or learned."""
    found = baselines_of(ws, run, split)
    if found is None:
        with contextlib.suppress(OSError, UserError):
            found = baselines.of_part(ws, run.config, split)
    return found


def beside_test(ws: Workspace, run: Run) -> Iterator[Message]:
    """Say what the best of the simple rules scores on the test part that was opened for a run."""
    rules, found = baselines_of(ws, run, Split.TEST), predictions.read(ws.run(run.id), Split.TEST)
    if rules is not None and found is not None:
        yield from verdict.beats(rules, against(found, rules))


def against(found: PartPredictions, rules: Baselines) -> dict[str, Paired]:
    """Compare a model's answers with each rule, on the images that both were judged on.

    Gives by the name of the rule how the model does against it: `Paired.is_better`.
    """
    return {name: _compare(found, rules, rule) for name, rule in rules.named}


def as_json(rules: Baselines | None) -> dict[str, Mapping[str, float]] | None:
    """Give what programs read."""
    if rules is None:
        return None
    scores = {name: rule.accuracy for name, rule in rules.named}
    return {
        name: {"accuracy": score.accuracy, "low": score.low, "high": score.high}
        for name, score in scores.items()
    }


def _compare(found: PartPredictions, rules: Baselines, rule: Baseline) -> Paired:
    known = dict(zip(rules.contents, rule.right, strict=True))
    rows = [row for row, content in enumerate(found.contents) if content in known]
    before = np.array([known[found.contents[row]] for row in rows], bool)
    return paired.compare(before, found.right[rows], [found.groups[row] for row in rows])
