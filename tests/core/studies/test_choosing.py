"""What a study advises, on votes with and without a planted difference."""

from dataclasses import replace

import numpy as np
import pytest

from core.records import State, TrainConfig
from core.records.studies import StudyAsked, StudyRow
from core.studies import answers, choosing
from core.studies.answers import Votes

ONE_LOOK, TWO_LOOKS = StudyAsked(folds=5, planned=1), StudyAsked(folds=2, planned=2)
CONTENTS = tuple(f"{i:04d}" for i in range(400))


def row(name: str, seconds: float = 1.0, state: State = State.DONE) -> StudyRow:
    config = TrainConfig(dataset_id="d", freeze="none")
    return StudyRow(name=name, config=config, trainable=1, state=state, seconds=seconds)


def votes(wrong: range, groups: tuple[str, ...] = ()) -> dict[int, Votes]:
    right = np.array([i not in wrong for i in range(400)])
    return {0: Votes(contents=CONTENTS, right=right, groups=groups or ("",) * 400)}


def advise(asked: StudyAsked, **of: range):
    rows = [row(name, 3.0**i) for i, name in enumerate(of)]
    return choosing.advise(asked, rows, {name: votes(wrong) for name, wrong in of.items()})


def test_the_cheapest_that_is_surely_better_is_chosen():
    found = advise(ONE_LOOK, all=range(100), block_12=range(40), none=range(38))

    assert found.choice == "block_12"
    assert str(found.sentences[0]) == (
        "After block_12: 60 more right and 0 fewer than with Head only, of 400 images "
        "(p < .001; < .001 after 2 comparisons)."
    )
    assert str(found.sentences[1]) == "Head only takes 33% of its time."
    assert found.p_value < 0.001


def test_a_dearer_one_that_is_surely_better_still_is_chosen():
    found = advise(ONE_LOOK, all=range(150), block_12=range(90), none=range(10))

    assert found.choice == "none"


def test_images_that_cannot_tell_say_what_they_could_have_shown():
    found = advise(TWO_LOOKS, all=range(50), block_12=range(48))

    assert (found.choice, found.p_value, found.ties) == ("all", None, ("block_12",))
    assert str(found.sentences[0]).startswith(
        "Your images cannot tell these apart: they could have shown a difference of "
    )


def test_a_difference_pays_for_a_second_look():
    once = advise(ONE_LOOK, all=range(100), block_12=range(91))
    twice = advise(TWO_LOOKS, all=range(100), block_12=range(91))

    assert once.choice == "block_12"
    assert twice.choice == "all"


def test_more_comparisons_need_a_clearer_difference():
    few = advise(ONE_LOOK, all=range(100), block_12=range(90))
    many = advise(
        ONE_LOOK,
        **{"all": range(100), "block_12": range(90)},
        **{f"block_{i}": range(100) for i in range(1, 5)},
    )

    assert (few.choice, many.choice) == ("block_12", "all")


def test_what_is_surely_worse_is_said():
    found = advise(ONE_LOOK, all=range(10), none=range(100))

    assert found.choice == "all"
    assert str(found.sentences[0]) == "None does better than the cheapest: Head only."
    assert "Everything: 0 more right and 90 fewer" in str(found.sentences[1])


def test_images_of_a_group_are_one_witness():
    groups = tuple(f"site {i // 40}" for i in range(400))
    rows = [row("all"), row("none")]

    found = choosing.advise(
        ONE_LOOK, rows, {"all": votes(range(100), groups), "none": votes(range(40), groups)}
    )

    assert found.p_value is None


@pytest.mark.parametrize("state", [State.QUEUED, State.FAILED, State.STOPPED])
def test_nothing_is_advised_before_two_were_judged(state: State):
    rows = [row("all"), row("none", state=state)]

    assert choosing.advise(ONE_LOOK, rows, {"all": votes(range(9)), "none": {}}) is None


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_nothing_is_advised_while_a_rung_is_at_work(state: State):
    rows = [row("all"), row("block_12"), row("none", state=state)]
    given = {"all": votes(range(100)), "block_12": votes(range(40)), "none": votes(range(90))}

    assert choosing.advise(ONE_LOOK, rows, given) is None


@pytest.mark.parametrize("state", [State.FAILED, State.STOPPED])
def test_a_rung_that_was_not_judged_is_named_and_paid_for(state: State):
    rows = [row("all"), row("block_12"), row("block_6", state=state), row("none", state=state)]
    given = {"all": votes(range(100)), "block_12": votes(range(91)), "block_6": {}, "none": {}}

    found = choosing.advise(ONE_LOOK, rows, given)
    alone = choosing.advise(ONE_LOOK, rows[:2], {name: given[name] for name in ("all", "block_12")})

    assert (alone.choice, found.choice) == ("block_12", "all")  # p is .031
    assert str(found.sentences[-1]) == "Not judged: After block_6, Everything."


def test_what_was_judged_before_a_stop_still_counts():
    rows = [row("all", state=State.STOPPED), row("none", 9.0, State.STOPPED)]
    first, second = votes(range(100)), votes(range(40))
    first[1] = Votes(contents=("x",) * 9, right=np.zeros(9, bool), groups=("",) * 9)

    found = choosing.advise(TWO_LOOKS, rows, {"all": first, "none": second})

    assert found.choice == "none"
    assert "of 400 images" in str(found.sentences[0])


def test_the_time_of_a_depth_has_its_head_in_it():
    """A depth goes on from the head that the first rung has trained."""
    config = {"all": "all", "block_12": "block_12", "none": "none"}
    rows = [
        replace(row(name, seconds), config=replace(row(name).config, freeze=config[name]))
        for name, seconds in {"all": 30.0, "block_12": 30.0, "none": 90.0}.items()
    ]

    first = choosing.advise(
        ONE_LOOK,
        rows,
        {"all": votes(range(100)), "block_12": votes(range(40)), "none": votes(range(39))},
    )
    assert str(first.sentences[1]) == "Head only takes 50% of its time."


def test_a_dearer_one_that_took_no_more_time_is_not_said_to():
    rows = [row("all", 9.0), row("none", 3.0)]

    found = choosing.advise(ONE_LOOK, rows, {"all": votes(range(100)), "none": votes(range(40))})

    assert str(found.sentences[1]) == "Head only takes no less time."


def test_what_is_surely_worse_is_not_said_to_be_alike():
    found = advise(ONE_LOOK, all=range(10), block_12=range(11), none=range(100))

    assert found.ties == ("block_12",)
    assert str(found.sentences[0]).startswith(
        "None does surely better than the cheapest, Head only:"
    )
    assert "Everything: 0 more right and 90 fewer" in str(found.sentences[1])


def test_the_largest_class_is_that_of_all_folds_together():
    parts = [
        Votes(contents=("a", "b"), right=np.ones(2, bool), groups=("",) * 2, counts=(2,)),
        Votes(contents=("c", "d", "e"), right=np.ones(3, bool), groups=("",) * 3, counts=(0, 3)),
    ]

    assert answers.score(answers.join(parts)).majority == pytest.approx(3 / 5)


def test_only_images_that_both_were_judged_on_are_compared():
    first, second = votes(range(50)), votes(range(50))
    first[1] = Votes(contents=("x",) * 300, right=np.zeros(300, bool), groups=("",) * 300)

    found = choosing.advise(ONE_LOOK, [row("all"), row("none")], {"all": first, "none": second})

    assert found.ties == ("none",)


def test_the_same_photo_in_two_classes_changes_nothing_by_itself():
    """It is right in one class and wrong in the other, with each arm alike."""
    twice = Votes(contents=("a", "a", "b"), right=np.array([True, False, True]), groups=("",) * 3)

    first, second = answers.pair({0: twice}, {0: twice})

    assert first.right.tolist() == second.right.tolist() == [True, False, True]


def test_one_comparison_is_no_price_and_a_chance_is_written_as_such():
    once = advise(ONE_LOOK, all=range(100), none=range(88))
    twice = advise(TWO_LOOKS, all=range(100), none=range(84))

    assert str(once.sentences[0]).endswith("of 400 images (p = .0078).")
    assert str(twice.sentences[0]).endswith("(p < .001; .002 after 1 comparison and 2 looks).")
