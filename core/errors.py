"""The one error a user can mend."""

from dataclasses import dataclass

from core.words import Message, render, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What happened, what was expected, what to do next: the stored form of a `UserError`."""

    what: Message
    expected: Message
    mend: Message


class UserError(ValueError):
    """A mistake or an outside failure that the user can mend.

    >>> from core.words import say
    >>> str(UserError(say("Found 1 class."), expected=say("Two are needed."), mend=say("Add one.")))
    'Found 1 class. Two are needed. Add one.'
    """

    def __init__(self, what: Message, *, expected: Message, mend: Message) -> None:
        super().__init__(f"{what} {expected} {mend}")
        self.problem = Problem(what=what, expected=expected, mend=mend)

    @classmethod
    def of(cls, problem: Problem) -> "UserError":
        """Raise again what another process stored."""
        return cls(problem.what, expected=problem.expected, mend=problem.mend)

    @classmethod
    def of_system(cls, error: OSError) -> "UserError":
        """Put a refusal of the system (no space, no permission) into sentences."""
        return cls(
            say("The system refused: {reason}.", reason=str(error.strerror or error)),
            expected=say("Thaw needs to read and write '{path}'.", path=str(error.filename or "?")),
            mend=say("Make room or change the permissions, then try again."),
        )

    def render(self, language: str = "en") -> dict[str, str]:
        """Give the three sentences in the reader's language."""
        parts = ("what", "expected", "mend")
        return {part: render(getattr(self.problem, part), language) for part in parts}
