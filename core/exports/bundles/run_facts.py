"""What the files of a run tell of its model: all that its card may say."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core import runs
from core.insights import evaluation
from core.insights.comparing import baselines
from core.insights.evaluation import Judged
from core.records import (
    Baselines,
    JunkTest,
    LearnedTarget,
    ModelCard,
    Paired,
    Run,
    RunScore,
    Split,
    TestScore,
    Thresholds,
)
from core.run_results import junk, numbers, predictions, prototypes, thresholds
from core.run_results.prototypes import UnknownRule
from core.runs import inference, refitting
from core.workspace import Workspace


@dataclass(frozen=True, kw_only=True, eq=False)
class RunFacts:
    """A finished run as its files have it; None: it left nothing of that."""

    card: ModelCard
    name: str  # that its user gave it, else of its data set
    score: RunScore | None = None  # what it leads with
    parent: Run | None = None  # whose recipe it repeats on the validation images too
    test: TestScore | None = None  # where the test part was opened for it
    judged: Judged | None = None  # on its validation images
    is_grouped: bool = False  # some of these belong together, such as shots of one thing
    rules: Baselines | None = None  # what it has to beat, on the same images
    compared: Mapping[str, Paired] = field(default_factory=dict)  # with each rule
    unknown: UnknownRule | None = None
    junk: JunkTest | None = None
    thresholds: Thresholds | None = None

    @property
    def target(self) -> LearnedTarget:
        """Give what a model of numbers answers."""
        assert self.card.target is not None
        return self.card.target


def read(ws: Workspace, run_id: str) -> RunFacts:
    """Read them. Raises `UserError` for a run without a model."""
    inference.check_finished(ws, run_id)
    run, folder = runs.get(ws, run_id), ws.run(run_id)
    assert run.card is not None
    found = predictions.read(folder, Split.VALIDATION) if run.card.validation else None
    asked = numbers.read(folder, Split.VALIDATION) if run.card.numbers else found
    rules = baselines.baselines_of(ws, run) if found else None
    judged = evaluation.evaluate(found, run.card.labels, run.card.validation) if found else None
    return RunFacts(
        card=run.card,
        name=run.name or run.card.dataset_name,
        score=run.score,
        parent=None if run.config.validates else refitting.before(ws, run.config),
        test=runs.test_score(ws, run_id),
        judged=judged,
        is_grouped=asked is not None and any(asked.groups),
        rules=rules,
        compared=baselines.against(found, rules) if found and rules else {},
        unknown=prototypes.read(folder),
        junk=junk.read(folder),
        thresholds=thresholds.of_folder(ws, folder, run.config),
    )
