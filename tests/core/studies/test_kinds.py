"""What other studies than ladders compare and advise, on votes with and without a difference."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import UserError
from core.judging.evaluation import learning_curve
from core.models import catalog
from core.records import Accuracy, State, TrainConfig
from core.records.studies import (
    ClassGain,
    CurvePoint,
    LearningCurve,
    StudyAdvice,
    StudyAsked,
    StudyKind,
    StudyRow,
)
from core.studies import bakeoff, curve, transfer
from core.studies.answers import Votes
from core.studies.kinds import KINDS, Wanted
from core.studies.standing import Standing
from core.workspace import Workspace
from tests import own_backbones

BASE = TrainConfig(dataset_id="d", backbone="MobileNetV2", optimizer="solve", image_size=128)
IMAGES = 400
CONTENTS = tuple(f"{i:04d}" for i in range(IMAGES))
ONE_LOOK = StudyAsked(folds=5, planned=1)


def row(name: str, wrong: int, parameters: int = 1, state: State = State.DONE) -> StudyRow:
    share = 1 - wrong / IMAGES
    return StudyRow(
        name=name,
        config=BASE,
        trainable=1,
        state=state,
        accuracy=Accuracy(accuracy=share, low=share, high=share, images=IMAGES, majority=0.1),
        parameters=parameters,
    )


def votes(wrong: int, first: int = 0) -> dict[int, Votes]:
    """Be wrong about so many images in a row."""
    right = np.ones(IMAGES, bool)
    right[first : first + wrong] = False
    return {0: Votes(contents=CONTENTS, right=right, groups=("",) * IMAGES)}


def pretraining(**wrong: int) -> StudyAdvice:
    arms = ("all", "random", "imagenet")
    rules = ("majority", "nearest_pixels", "colour")
    given = {"majority": 350, "nearest_pixels": 250, "colour": 200, **wrong}
    found = transfer.advise(
        Standing(
            asked=ONE_LOOK,
            rows=tuple(row(name, given[name]) for name in arms),
            votes={name: votes(num) for name, num in given.items()},
            baselines=tuple(row(name, given[name]) for name in rules),
        )
    )
    assert found is not None
    return found


def test_a_gain_is_said_with_its_interval():
    found = pretraining(all=40, random=180, imagenet=20)

    assert str(found.sentences[0]).startswith(
        "Pretraining gains +40.0 points over a random start with the same budget (+34."
    )
    assert found.p_value is not None
    assert found.p_value < 0.001
    assert not found.is_warning


def test_no_gain_over_a_random_start_is_a_warning():
    found = pretraining(all=40, random=22, imagenet=20)

    assert found.is_warning
    assert found.p_value is None
    assert "does not surely beat the random one" in str(found.sentences[1])


def test_a_rule_that_does_as_well_as_frozen_features_is_a_warning():
    found = pretraining(all=60, random=180, imagenet=20, nearest_pixels=58)

    assert [str(one) for one in found.sentences[1:]] == [
        "No gain is shown: 'Head only' of the pretrained network does not surely beat 'Most "
        "similar pixels', which needs no network."
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"random": 20}, "the pretrained start does surely worse here than the random one"),
        ({"colour": 20}, "'Colour alone', which needs no network, does surely better"),
    ],
)
def test_what_is_surely_beaten_is_negative_transfer(wrong: dict[str, int], sentence: str):
    found = pretraining(**{"all": 100, "random": 180, "imagenet": 90, **wrong})

    assert found.is_warning
    assert any("Negative transfer" in str(one) and sentence in str(one) for one in found.sentences)


def test_the_rule_that_surely_beats_a_network_is_named_before_one_that_may():
    """Pixels are 22 images better than the network, colour 20: but of fewer that changed."""
    network = votes(100)
    rows = [row(name, num) for name, num in {"all": 100, "random": 300, "imagenet": 100}.items()]
    given = {"all": network, "random": votes(300), "imagenet": network}
    rules = {
        "majority": votes(350),
        "nearest_pixels": votes(78, first=200),
        "colour": votes(80),
    }
    found = transfer.advise(
        Standing(
            asked=ONE_LOOK,
            rows=tuple(rows),
            votes=given | rules,
            baselines=tuple(row(name, 0) for name in rules),
        )
    )

    assert found is not None
    assert "Negative transfer: 'Colour alone'" in str(found.sentences[1])


def test_a_gain_without_rules_is_no_use_of_a_network_yet():
    arms = {"all": 40, "random": 180, "imagenet": 20}
    found = transfer.advise(
        Standing(
            asked=ONE_LOOK,
            rows=tuple(row(name, num) for name, num in arms.items()),
            votes={name: votes(num) for name, num in arms.items()},
        )
    )

    assert found is not None
    assert found.is_warning
    assert "not told whether a network is needed" in str(found.sentences[-1])


def test_the_choice_of_an_arm_is_paid_for_with_all_other_comparisons():
    """Of 11 images that change, 11 to the better: p is .008, and .07 after nine comparisons."""
    found = pretraining(all=40, random=180, imagenet=29)

    assert found.choice == "all"


def test_nothing_is_said_of_transfer_before_all_were_judged():
    standing = Standing(asked=ONE_LOOK, rows=(row("all", 9),), votes={"all": votes(9)})

    assert transfer.advise(standing) is None


def test_both_starts_train_alike_but_for_what_the_start_asks_for():
    head, random, pretrained = (arm.config for arm in transfer.plan(BASE, 500))

    assert (head.freeze, random.freeze, pretrained.freeze) == ("all", "none", "none")
    assert (random.weights, pretrained.weights) == ("none", "imagenet")
    same = ("epochs", "fine_tune_epochs", "batch_size", "image_size", "seed", "augmentation")
    assert all(getattr(random, name) == getattr(pretrained, name) for name in same)
    assert random.layer_decay == 1.0
    assert random.optimizer == "adam"


def test_a_random_start_is_compared_with_its_pretrained_twin():
    random = replace(BASE, weights="none", optimizer="adam", freeze="none", fine_tune_epochs=9)

    head, other, pretrained = (arm.config for arm in transfer.plan(random, 500))

    assert (head.weights, pretrained.weights, other.weights) == ("imagenet", "imagenet", "none")
    assert pretrained.fine_tune_epochs == other.fine_tune_epochs == 9
    assert pretrained.layer_decay < 1


def backbones(**wrong: tuple[int, int]) -> StudyAdvice:
    found = bakeoff.advise(
        Standing(
            asked=ONE_LOOK,
            rows=tuple(
                row(name, num, parameters=10**i) for i, (name, (num, _)) in enumerate(wrong.items())
            ),
            votes={name: votes(num, first) for name, (num, first) in wrong.items()},
        )
    )
    assert found is not None
    return found


def test_backbones_that_cannot_be_told_apart_are_ties_and_the_smallest_is_taken():
    found = backbones(tiny=(150, 0), small=(42, 0), middle=(40, 200), large=(41, 100))

    assert found.choice == "small"
    assert found.ties == ("middle", "large")
    assert "Take the smallest" in str(found.sentences[0])
    assert "40 more right and 150 fewer" in str(found.sentences[1])
    assert found.p_value is not None


def test_one_that_beats_all_others_is_said_so():
    found = backbones(small=(150, 0), large=(10, 0))

    assert (found.choice, found.ties) == ("large", ())
    assert str(found.sentences[0]).endswith("does surely better than the others.")


def test_a_best_of_many_is_paid_for_all_pairs():
    few = backbones(a=(50, 0), b=(38, 0))
    many = backbones(a=(50, 0), b=(38, 0), **dict.fromkeys("cdef", (39, 0)))

    assert few.choice == "b"
    assert many.choice == "a"


def test_a_backbone_that_another_tie_surely_beats_is_no_tie():
    """The best cannot be told from either, but one of these is surely better than the other."""
    found = backbones(tiny=(62, 0), small=(40, 0), large=(38, 362))

    assert (found.choice, found.ties) == ("small", ("large",))
    assert str(found.sentences[0]).startswith("None does surely better than these, which your")
    assert "tiny: 0 more right and 22 fewer than with" in str(found.sentences[1]).replace(
        "After ", ""
    )


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_nothing_is_advised_of_backbones_while_one_is_at_work(state: State):
    rows = (row("a", 100), row("b", 10), row("c", 0, state=state))
    given = {"a": votes(100), "b": votes(10), "c": {}}

    assert bakeoff.advise(Standing(asked=ONE_LOOK, rows=rows, votes=given)) is None


def test_a_backbone_that_failed_is_named_and_paid_for():
    rows = (row("a", 50), row("b", 41), row("c", 0, state=State.FAILED))
    given = {"a": votes(50), "b": votes(41), "c": {}}

    alone = bakeoff.advise(Standing(asked=ONE_LOOK, rows=rows[:2], votes=given))
    found = bakeoff.advise(Standing(asked=ONE_LOOK, rows=rows, votes=given))

    assert alone is not None
    assert found is not None
    assert (alone.choice, found.choice) == ("b", "a")  # p is .03
    assert str(found.sentences[-1]) == "Not judged: After c."


def test_a_backbone_of_ones_own_is_compared_with_others(ws: Workspace):
    own = own_backbones.make(ws)
    catalog.look_in(ws)
    size = BASE.image_size

    arms = bakeoff.plan(BASE, [own, "MobileNet-0.25"])

    assert [arm.name for arm in arms] == [own, "MobileNet-0.25"]
    assert own in bakeoff.at_hand(size)
    other = own_backbones.make(ws, "own-fixed-00000000", "Fixed", only_size=True)
    assert other not in bakeoff.at_hand(size)


def test_named_backbones_are_compared_the_smallest_first():
    arms = bakeoff.plan(BASE, ["MobileNetV2", "MobileNet-0.25", "MobileNetV2"])

    assert [arm.name for arm in arms] == ["MobileNet-0.25", "MobileNetV2"]
    assert {(arm.config.protocol, arm.config.most_images) for arm in arms} == {("folds", 1000)}


def test_one_backbone_is_nothing_to_compare():
    with pytest.raises(UserError, match="Two or more"):
        bakeoff.plan(BASE, ["MobileNetV2"])


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (0.02, 0.08, "More photos are likely to help"),
        (0.001, 0.05, "It cannot be told whether"),
        (0.0, 0.006, "will hardly help"),
    ],
)
def test_a_curve_says_whether_more_photos_help(low: float, high: float, says: str):
    found = advise_of_curve(LearningCurve(points=POINTS, expected=TWICE, gain_low=low,
                                          gain_high=high))  # fmt: skip

    assert says in str(found.sentences[0])
    assert "80%" in str(found.sentences[0])


def test_points_that_follow_no_law_say_nothing_of_more():
    found = advise_of_curve(LearningCurve(points=POINTS, expected=None))

    assert str(found.sentences[0]).startswith("No clear curve")


def test_a_class_is_named_only_where_its_interval_clears_the_others():
    cats, dogs = (
        ClassGain(label=label, gain=gain, low=gain - 0.1, high=gain + 0.1)
        for label, gain in (("cats", 0.4), ("dogs", 0.1))
    )
    near = replace(dogs, high=0.35)
    curves = [
        LearningCurve(points=POINTS, expected=TWICE, gains=gains)
        for gains in ((cats, dogs), (cats, near), (dogs,))
    ]

    assert [len(advise_of_curve(one).sentences) for one in curves] == [2, 1, 1]
    assert "Photos of 'cats' gain most" in str(advise_of_curve(curves[0]).sentences[1])


def test_a_curve_of_a_sample_says_that_there_are_more_images():
    last = replace(POINTS[-1], images=1600)
    given = LearningCurve(points=(*POINTS[:-1], last), expected=TWICE, gain_low=0.02)
    of = {num: replace(row("curve", 0), config=replace(BASE, most_images=num)) for num in (2000, 0)}

    some, every = (
        curve.advise(Standing(asked=ONE_LOOK, rows=(of[num],), votes={}, curve=given)) for num in of
    )

    assert some is not None
    assert every is not None
    assert str(some.sentences[0]).startswith("More photos than took part are likely to help")
    assert "Heads learned from 1600 of your images at most" in str(some.sentences[1])
    assert len(every.sentences) == 1


def test_too_few_images_for_a_curve_get_a_sentence():
    with pytest.raises(UserError, match="There are 20 images"):
        curve.plan(BASE, 20)

    assert curve.plan(BASE, learning_curve.FEWEST_IMAGES)[0].config.protocol == "curve"


@pytest.mark.parametrize("kind", StudyKind)
def test_every_kind_plans_and_waits_with_its_advice(kind: StudyKind):
    wanted = Wanted(
        config=BASE, num_images=500, num_train=400, backbones=("MobileNetV2", "MobileNet-0.25")
    )

    arms = KINDS[kind].plan(wanted)

    assert all(not arm.config.keeps_model for arm in arms)
    assert KINDS[kind].advise(
        Standing(asked=ONE_LOOK, rows=(), votes={arm.name: {} for arm in arms})
    ) is None  # fmt: skip


POINTS = tuple(
    CurvePoint(images=num, accuracy=share, low=share - 0.05, high=share + 0.05)
    for num, share in ((40, 0.6), (80, 0.66), (160, 0.72), (280, 0.77), (400, 0.8))
)
TWICE = CurvePoint(images=800, accuracy=0.84, low=0.8, high=0.88)


def advise_of_curve(found: LearningCurve) -> StudyAdvice:
    advice = curve.advise(Standing(asked=ONE_LOOK, rows=(), votes={}, curve=found))
    assert advice is not None
    return advice
