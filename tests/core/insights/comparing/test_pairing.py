"""Two runs on the same images: tiny cases by hand, and how often a difference is claimed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from core.insights.comparing import comparability, pairing
from core.records import ModelCard, Phase, Run, RunState, Split, State, TrainConfig
from core.run_results.predictions import PartPredictions
from core.words import render
from tests.run_records import card

CONFIG = TrainConfig(dataset_id="d")
LABELS = ("cat", "dog", "owl")
TRIALS = 400


def cards(**changed: object) -> tuple[ModelCard, ModelCard]:
    made = replace(card("r", CONFIG), labels=LABELS, picked=())
    return made, replace(made, **changed)


def answers(
    named: Sequence[int],
    true: Sequence[int],
    *,
    contents: Sequence[str] = (),
    groups: Sequence[str] = (),
    sure: Sequence[float] = (),
) -> PartPredictions:
    logits = np.zeros((len(named), len(LABELS)), np.float32)
    logits[np.arange(len(named)), named] = sure or 3.0
    return PartPredictions(
        contents=tuple(contents) or tuple(f"{i:03d}" for i in range(len(named))),
        labels=np.array(true, np.int32),
        groups=tuple(groups) or ("",) * len(named),
        logits=logits,
    )


def test_images_of_which_one_model_alone_is_right_are_listed_with_what_each_names_them():
    first = answers([0, 1, 2, 1], [0, 0, 0, 2], sure=[1, 1, 5, 1])
    second = answers([1, 0, 0, 1], [0, 0, 0, 2])

    found = pairing.pair(first, second, cards())

    assert found is not None
    assert [(c.content, c.true, c.first, c.second) for c in found.fixed] == [
        ("002", "cat", "owl", "cat"),  # the surest mistake first
        ("001", "cat", "dog", "cat"),
    ]
    assert [c.content for c in found.broke] == ["000"]
    assert (found.images, found.paired.fixed, found.paired.broke) == (4, 2, 1)
    assert found.paired.p == 1.0


def test_images_are_matched_by_name_and_label_in_any_order():
    first = answers([0, 1], [0, 1], contents="ab")
    second = answers([1, 2, 0], [1, 2, 1], contents="bca")  # a is called a dog here

    found = pairing.pair(first, second, cards())

    assert found is not None
    assert (found.images, found.fixed, found.broke) == (1, (), ())
    assert pairing.pair(first, answers([0], [0], contents="z"), cards()) is None


@pytest.mark.parametrize(
    ("fixed", "broke", "sentence"),
    [
        (15, 5, "B is better by more than chance explains (exact McNemar test, p = 0.041)."),
        (5, 15, "A is better by more than chance explains (exact McNemar test, p = 0.041)."),
        (8, 5, "These images cannot show which is better (exact McNemar test, p = 0.58)."),
        (0, 0, "Both are right and wrong in the same images: no difference."),
    ],
)
def test_the_sentence_claims_what_the_paired_test_does(fixed: int, broke: int, sentence: str):
    """15 : 5 of 230 is what eurosat gave, where the ranges of the two scores overlap."""
    true = [0] * 230
    first = answers([1] * fixed + [0] * (230 - fixed), true)
    second = answers([0] * fixed + [1] * broke + [0] * (230 - fixed - broke), true)
    found = pairing.pair(first, second, cards())

    assert found is not None
    assert sentence in [str(message) for message in pairing.describe(found)]


def test_a_p_on_images_that_picked_something_is_called_optimistic():
    first, second = answers([1] * 9, [0] * 9), answers([0] * 9, [0] * 9)

    told = {
        picked: " ".join(map(str, pairing.describe(pairing.pair(first, second, both))))  # type: ignore[arg-type]
        for picked in ((), ("phase",), ("epoch",), ("end",))
        for both in [cards(picked=picked)]
    }

    assert {picked: "optimistic" in said for picked, said in told.items()} == {
        (): False,
        ("phase",): True,
        ("epoch",): True,
        ("end",): False,  # a phase ended by it, and its last epoch is kept
    }


@pytest.mark.parametrize("size", [1, 10])
def test_of_two_models_without_a_difference_one_is_rarely_called_better(size: int):
    """Both are right alike of each image, or of each group that stands or falls as one."""
    rng, claims = np.random.default_rng(5), 0
    groups = [f"g{i // size}" if size > 1 else "" for i in range(300)]
    for _ in range(TRIALS):
        chance = rng.beta(4, 1, 300 // size)
        named = [
            np.repeat(rng.random(len(chance)) > chance, size).astype(int).tolist() for _ in "ab"
        ]
        first, second = (answers(one, [0] * 300, groups=groups) for one in named)
        found = pairing.pair(first, second, cards())
        assert found is not None
        assert found.is_by_groups is (size > 1)
        claims += found.paired.is_better or found.paired.is_worse

    assert claims / TRIALS < 0.05


@pytest.mark.parametrize(
    ("groups", "test"),
    [
        (["pair", "pair", *[""] * 18], "exact McNemar test, p = 0.0039"),  # right in both alike
        (
            [*[""] * 18, "pair", "pair"],
            "sign test in which images that belong together count once, p = 0.0078",
        ),
    ],
)
def test_the_test_is_called_what_it_is_where_all_groups_are_a_pair_of_duplicates(groups, test):
    true = [0] * 20
    first, second = (answers(one, true, groups=groups) for one in ([0] * 11 + [1] * 9, true))

    found = pairing.pair(first, second, cards())

    assert found is not None
    assert f"({test})" in " ".join(map(str, pairing.describe(found)))


def test_test_images_picked_nothing_and_are_named_as_what_they_are():
    first, second = answers([1] * 9, [0] * 9), answers([0] * 9, [0] * 9)

    found = pairing.pair(first, second, cards(picked=("epoch",)), Split.TEST)

    assert found is not None
    said = " ".join(map(str, pairing.describe(found)))
    assert said.startswith("They are compared on the test images, which neither learned from. Of 9")
    assert "optimistic" not in said


def test_a_difference_that_overlapping_ranges_hide_is_found():
    """True shares of .80 and .88 on 400 shared images: the paired test sees what ranges do not."""
    rng, found = np.random.default_rng(5), 0
    for _ in range(TRIALS // 4):
        difficulty = rng.random(400)
        first, second = (
            answers((difficulty > share).astype(int).tolist(), [0] * 400) for share in (0.80, 0.88)
        )
        both = pairing.pair(first, second, cards())
        assert both is not None
        found += both.paired.is_better

    assert found / (TRIALS // 4) > 0.9


def test_settings_that_differ_are_named_with_both_values():
    first = replace(CONFIG, learning_rate=0.01, cloned_from="x")
    second = replace(CONFIG, dropout=0.4)

    assert pairing.differences(first, second) == [
        ("dropout", 0.2, 0.4),
        ("learning_rate", 0.01, 0.001),
    ]
    assert (
        pairing.differences(
            replace(CONFIG, optimizer="solve"), replace(CONFIG, optimizer="solve", dropout=0.4)
        )
        == []
    )


def run(version: int, fingerprint: str, **config: object) -> Run:
    made = replace(CONFIG, dataset_version=version, **config)  # type: ignore[arg-type]
    return Run(
        id="r",
        config=made,
        state=RunState(state=State.DONE, changed_at=0),
        card=replace(card("r", made), dataset_fingerprint=fingerprint),
    )


def test_two_versions_with_the_same_images_compare_as_after_an_undo():
    first, undone, changed = run(0, "same"), run(2, "same"), run(1, "other")

    assert comparability.why_not(first, undone) is None
    assert "versions 0 and 1" in str(comparability.why_not(first, changed))
    assert "different classes" in str(
        comparability.why_not(first, run(2, "same", left_out=("cat",)))
    )
    assert "different data sets" in str(
        comparability.why_not(first, run(0, "same", dataset_id="other"))
    )
    waiting = replace(run(0, "same"), card=None)
    assert comparability.why_not(first, waiting) is None


@pytest.mark.parametrize(
    ("freeze", "phase", "named", "said"),
    [
        ("none", Phase.HEAD, [0, 1], ["B is the head alone: its fine-tuning was not kept."]),
        ("none", Phase.FINE_TUNE, [0, 1], []),
        ("all", Phase.HEAD, [0, 1], []),  # there was none
        ("none", Phase.HEAD, [0, 2], []),  # they differ, so something else was learned
    ],
)
def test_runs_that_answer_alike_since_fine_tuning_was_not_kept_say_so(
    freeze: str, phase: Phase, named: list[int], said: list[str]
):
    config = replace(CONFIG, freeze=freeze, fine_tune_epochs=2)
    made = cards(config=config, kept_phase=phase.value)
    made = (replace(made[0], config=replace(CONFIG, freeze="all")), made[1])

    found = pairing.pair(answers([0, 1], [0, 1]), answers(named, [0, 1]), made)

    assert found is not None
    told = [render(message, "en") for message in pairing.describe(found)]
    assert [text for text in told if "head alone" in text] == said
