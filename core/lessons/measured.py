"""What the lessons came to on the data that comes with Thaw: `tools/lessons` measures it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.records.lessons import Lesson

FILE = Path(__file__).with_name("measured.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a teacher may expect."""

    answer: str  # the name of the guess that was right
    scores: tuple[tuple[str, float, float, float], ...]  # name, accuracy, low, high
    of: str  # what was trained: `digest`
    rolls: tuple[float, ...] = ()  # validation scores of other rolls of the dice, where it asks
    warned: tuple[str, ...] = ()  # classes whose heat map warns, where it shows one


def expected() -> Mapping[str, Expected]:
    """Give what was measured, by lesson."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: Expected(
            answer=one["answer"],
            scores=tuple(map(tuple, one["scores"])),
            of=one["of"],
            rolls=tuple(one.get("rolls", ())),
            warned=tuple(one.get("warned", ())),
        )
        for name, one in found.items()
    }


def digest(lesson: Lesson) -> str:
    """Name what a lesson trains, so that a change of it is seen to be not measured yet."""
    return hashlib.sha256(repr((lesson.study, lesson.rule, lesson.sides)).encode()).hexdigest()[:16]
