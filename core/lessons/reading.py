"""The lessons as they stand in the tree: one YAML file each, in the order of their names."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core import files
from core.records.choices import choose
from core.records.lessons import Lesson
from core.words import say

FOLDER = Path(__file__).parent / "texts"


@cache
def lessons() -> Mapping[str, Lesson]:
    """Read all lessons. A file of the package is as good as code."""
    found = [parsed(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return {lesson.name: lesson for lesson in found}


def lesson_named(name: str) -> Lesson:
    """Give a lesson by its name. Raises `UserError` where there is none."""
    return choose(lessons(), name, say("lesson"))


def parsed(path: Path) -> Lesson:
    """Read one lesson; a field too much or too few raises `UserError`."""
    told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for side in told.get("sides", ()):
        side["settings"] = tuple(side.get("settings", {}).items())
    lesson: Lesson = files.build(Lesson, {"name": path.stem.partition("-")[2], **told}, exact=True)
    return lesson
