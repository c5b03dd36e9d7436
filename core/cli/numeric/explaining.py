"""What explain says of a model of numbers."""

from pathlib import Path
from typing import Any

from core.cli.console import Console
from core.judging.numbers import written
from core.records import Explanation, LearnedTarget
from core.words import say


def tell(found: Explanation, target: LearnedTarget, out: Path, console: Console) -> None:
    """Say the number, and what it would be with a part covered."""
    assert found.number is not None
    console.say(
        say(
            "{number}. What raises it: {path}",
            number=written.amount(found.number, target),
            path=str(out),
        )
    )
    row: dict[str, Any] = {
        "path": str(out),
        "number": found.number,
        "method": found.method,
        "milliseconds": found.milliseconds,
    }
    if found.covered_number is not None:
        covered = written.amount(found.covered_number, target)
        console.say(say("With that part covered: {number}.", number=covered))
        row["covered"] = {"number": found.covered_number}
    console.result(row)
