"""Names that people give to data sets and runs."""

from collections.abc import Collection
from itertools import count

from core.errors import UserError
from core.words import say

MAX_NAME = 120


def given(name: str) -> str:
    """Bring a name that was typed into one line of bounded length. Raises `UserError` if it is
    empty.
    """
    shown = shortened(name)
    if not shown:
        raise UserError(
            say("The name was empty."),
            expected=say("A name with at least one letter."),
            mend=say("Type a name."),
        )
    return shown


def shortened(name: str) -> str:
    """Bring a name into one line of bounded length."""
    return " ".join(name.split())[:MAX_NAME]


def unused(name: str, taken: Collection[str]) -> str:
    """Give the name, or with the first number from 2 on with which nothing is called that yet."""
    if not name or name not in taken:
        return name
    numbered = (f"{name[: MAX_NAME - 8]} {number}" for number in count(2))
    return next(other for other in numbered if other not in taken)


def check_unused(name: str, taken: Collection[str]) -> None:
    """Refuse the name of another data set. Raises `UserError`."""
    if name in taken:
        raise UserError(
            say("There is a data set called '{name}' already.", name=name),
            expected=say("A name that tells it apart from all others."),
            mend=say("Try '{name}'.", name=unused(name, taken)),
        )
