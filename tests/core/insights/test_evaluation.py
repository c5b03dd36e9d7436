"""What a model can do, put together from answers that are checked by hand."""

import json

import numpy as np
import pytest

from core.insights import evaluation
from core.run_results.predictions import PartPredictions

LABELS = ("cat", "dog", "owl")
#        cat cat cat dog dog owl owl
TRUE = [0, 0, 0, 1, 1, 2, 2]
NAMED = [0, 1, 1, 1, 0, 2, 0]
SURE = [5.0, 1.0, 3.0, 2.0, 4.0, 1.0, 0.5]


def answers(groups: tuple[str, ...] = ("",) * 7) -> PartPredictions:
    logits = np.zeros((7, 3), np.float32)
    logits[np.arange(7), NAMED] = SURE
    return PartPredictions(
        contents=tuple("abcdefg"), labels=np.array(TRUE, np.int32), groups=groups, logits=logits
    )


def test_the_matrix_has_true_classes_in_its_rows():
    found = evaluation.evaluate(answers(), LABELS)

    assert found.confusion.tolist() == [[1, 2, 0], [1, 1, 0], [1, 0, 1]]
    assert (found.accuracy.accuracy, found.accuracy.images) == (3 / 7, 7)
    assert found.accuracy.majority == 3 / 7
    assert found.balanced.value == pytest.approx((1 / 3 + 1 / 2 + 1 / 2) / 3)
    assert [one.recall.value for one in found.classes] == pytest.approx([1 / 3, 1 / 2, 1 / 2])
    assert [one.precision.value for one in found.classes] == pytest.approx([1 / 3, 1 / 3, 1])


def test_mistakes_begin_where_the_model_was_surest():
    found = evaluation.evaluate(answers(), LABELS)

    assert [one.content for one in found.mistakes] == ["e", "c", "b", "g"]
    assert (found.mistakes[0].true, found.mistakes[0].predicted) == ("dog", "cat")
    assert found.mistakes[0].probability == pytest.approx(np.exp(4) / (np.exp(4) + 2))
    assert found.mistakes[0].probability_of_true == pytest.approx(1 / (np.exp(4) + 2))


def test_one_pair_of_classes_does_not_fill_the_list_of_the_worst():
    found = evaluation.evaluate(answers(), LABELS)

    assert [one.content for one in evaluation.round_robin(found.mistakes)] == ["e", "c", "g", "b"]


def test_the_images_of_a_cell_begin_with_the_surest_mistake_and_the_least_sure_right_one():
    found = answers()

    assert evaluation.rows_of(found, (0, 1)) == [2, 1]  # cat, taken for dog: at 3 and at 1
    assert evaluation.rows_of(found, (0, 0)) == [0]
    assert evaluation.rows_of(found, (1, 2)) == []
    assert evaluation.rows_of(found, None) == [4, 2, 6, 1]  # all mistakes, pair by pair


def test_classes_that_are_named_as_each_other_count_in_both_directions():
    found = evaluation.evaluate(answers(), LABELS)

    assert evaluation.mixed_up(found) == [("cat", "dog", 3), ("cat", "owl", 1)]


def test_groups_widen_the_ranges_and_have_scores_of_their_own():
    groups = ("site 1", "site 1", "site 1", "site 2", "site 2", "site 2", "site 3")

    found = evaluation.evaluate(answers(groups), LABELS)
    alone = evaluation.evaluate(answers(), LABELS)

    assert [(g.group, g.correct, g.images) for g in found.groups] == [
        ("site 3", 0, 1),
        ("site 1", 1, 3),
        ("site 2", 2, 3),
    ]
    assert not alone.groups
    assert found.accuracy.high - found.accuracy.low > alone.accuracy.high - alone.accuracy.low


def test_what_is_no_number_is_nothing_in_the_json():
    labels = (*LABELS, "fox")
    padded = np.pad(answers().logits, ((0, 0), (0, 1)), constant_values=-9)
    found = evaluation.evaluate(
        PartPredictions(
            contents=answers().contents,
            labels=answers().labels,
            groups=answers().groups,
            logits=padded,
        ),
        labels,
    )

    told = json.loads(json.dumps(evaluation.as_json(found, "validation", {"e": "e.jpg"})))

    assert told["classes"][3] == {
        "name": "fox",
        "images": 0,
        "precision": None,
        "recall": None,
        "f1": None,
        "intervals": {"precision": [0, 1], "recall": [0, 1], "f1": [0, 1]},
    }
    assert told["mistakes"][0]["file"] == "e.jpg"
    assert told["mistakes"][1]["file"] == "c"
    assert told["balanced_accuracy"]["value"] == pytest.approx((1 / 3 + 1 / 2 + 1 / 2) / 3)
