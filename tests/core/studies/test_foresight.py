"""What a study is said to be able to show, before its time is spent."""

from itertools import combinations

import pytest

from core.judging.evaluation import comparing
from core.records import TrainConfig
from core.records.studies import Arm, StudyKind
from core.studies import foresight, texts, transfer
from core.studies.foresight import Foresight
from core.workspace import Workspace
from tests import builders

CHANGED = 0.12  # of the images: six tenths of the usual fifth that a head names wrongly


def foreseen(
    ws: Workspace, kind: StudyKind, *, num: int, arms: int = 3, protocol: str = "fold"
) -> Foresight:
    dataset = builders.make_dataset(ws, num=num)
    config = TrainConfig(dataset_id=dataset.id, protocol=protocol)
    planned = [Arm(name=f"arm{i}", config=config) for i in range(arms)]
    return foresight.look(ws, kind, planned, 2)


@pytest.mark.parametrize(
    ("kind", "protocol", "comparisons", "looks", "end"),
    [
        (StudyKind.TRANSFER, "fold", transfer.COMPARISONS, 2, "ends as 'no gain is shown'."),
        (StudyKind.BAKEOFF, "folds", len(list(combinations("abcd", 2))), 1, "end as ties."),
    ],
)
def test_what_can_be_shown_is_said_and_paid_for_as_the_study_pays(
    ws: Workspace, kind: StudyKind, protocol: str, comparisons: int, looks: int, end: str
):
    found = foreseen(ws, kind, num=30, arms=4, protocol=protocol)

    least = comparing.least_difference(found.images, CHANGED, comparisons=comparisons, looks=looks)
    assert found.least == pytest.approx(least)
    assert f"from {texts.points(least)} points on" in str(found.told)
    assert str(found.told).endswith(end)
    assert not found.warnings


@pytest.mark.parametrize("kind", [StudyKind.LADDER, StudyKind.TRANSFER, StudyKind.BAKEOFF])
def test_images_too_few_for_any_difference_are_warned_of(ws: Workspace, kind: StudyKind):
    found = foreseen(ws, kind, num=4)

    (warning,) = found.warnings
    assert "too few to show any difference" in str(warning)
    assert found.told is None


def test_a_curve_of_heads_compares_nothing_beforehand(ws: Workspace):
    found = foreseen(ws, StudyKind.CURVE, num=4, protocol="folds")

    assert (found.warnings, found.told) == ((), None)
