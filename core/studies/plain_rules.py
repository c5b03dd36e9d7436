"""The rules without any network that pretraining is compared with, judged on the same folds."""

import numpy as np

from core.datasets import baselines
from core.records import Baseline, Baselines, State
from core.records.studies import Study, StudyRow
from core.studies import answers, store
from core.studies.answers import Votes
from core.workspace import Workspace

NAMES = ("majority", "nearest_pixels", "colour")


def by_fold(ws: Workspace, study: Study) -> dict[str, dict[int, Votes]]:
    """Give of each rule what it answered on each fold; runs of the study have left it."""
    found: dict[str, dict[int, Votes]] = {name: {} for name in NAMES}
    for _, arm, fold in store.existing(ws, study):
        if arm is study.arms[0] and (known := baselines.known(ws, arm.on(fold))) is not None:
            for name in NAMES:
                found[name][fold] = _votes(known, getattr(known, name))
    return found


def rows_of_rules(study: Study, found: dict[str, dict[int, Votes]]) -> tuple[StudyRow, ...]:
    """Make a row of each rule that was judged."""
    return tuple(
        StudyRow(
            name=name,
            config=study.arms[0].config,
            trainable=0,
            state=State.DONE,
            folds=len(votes),
            accuracy=answers.score(answers.join([votes[fold] for fold in sorted(votes)])),
        )
        for name, votes in found.items()
        if votes
    )


def _votes(known: Baselines, rule: Baseline) -> Votes:
    score = rule.accuracy
    return Votes(
        contents=known.contents,
        right=np.array(rule.right, np.bool_),
        groups=known.groups,
        counts=(round(score.majority * score.images),),
    )
