"""From which confidence on a model's answers are right so often, in words and for programs."""

from collections.abc import Iterator
from typing import Any

from core.judging import shares
from core.records import Thresholds
from core.words import Message, say


def say_thresholds(found: Thresholds) -> Iterator[Message]:
    """Say of each goal from which confidence on it is reached, and how much is answered then."""
    reached = [one for one in found.goals if one.percent is not None]
    if not reached:
        goal = shares.percent(min(one.goal for one in found.goals))
        yield say("No confidence is found from which {goal} are right.", goal=goal)
    for one in reached:
        assert one.percent is not None
        yield say(
            "Answering from a confidence of {confidence} on, {right} are right: {answered} of "
            "{images} validation images are answered then.",
            confidence=shares.percent(one.percent / 100),
            right=shares.percent(found.right[one.percent] / found.answered[one.percent]),
            answered=found.answered[one.percent],
            images=found.images,
        )


def threshold_rows(found: Thresholds | None) -> list[dict[str, Any]] | None:
    """Give what programs read: of each goal the confidence, and the shares answered and right."""
    if found is None:
        return None
    rows = list[dict[str, Any]]()
    for one in found.goals:
        row: dict[str, Any] = {"goal": one.goal, "confidence": None, "answered": 0.0, "right": None}
        if one.percent is not None:
            num = found.answered[one.percent]
            row["confidence"] = one.percent / 100
            row |= {"answered": num / found.images, "right": found.right[one.percent] / num}
        rows.append(row)
    return rows
