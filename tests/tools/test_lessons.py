"""Lessons done to their end with the settings and pictures that they have."""

from pathlib import Path

import pytest

from core.lessons import reading
from core.lessons.variants import VARIANTS, write_aged
from core.workspace import Workspace
from tools import lessons


def _write_honest(folder: Path) -> None:
    write_aged(folder, has_card=lambda label, part: False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("write", "answer", "warned"),
    [(VARIANTS["carded"], "first", ["butterfly"]), (_write_honest, "same", [])],
    ids=["planted", "honest"],
)
def test_the_map_warns_of_a_planted_card_and_of_nothing_where_there_is_none(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, write, answer: str, warned: list[str]
):
    monkeypatch.setitem(VARIANTS, "carded", write)

    found = lessons.done(ws, reading.lesson_named("background"))

    assert (found["answer"], found["warned"]) == (answer, warned)
