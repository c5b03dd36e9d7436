"""Records of what is asked about images that can be read in more than one way."""

from dataclasses import dataclass

from core.words import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to a question, and what comes of it."""

    value: str  # what the option is set to; never empty
    title: Message
    detail: Message | None = None  # the classes and their counts, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What only the user can know; where nobody is there to answer, the guess is taken and said."""

    option: str  # the field of `core.records.imports.Options` that answers it
    what: Message
    choices: tuple[Choice, ...]
    guess: str  # the value of one of the choices
    note: Message  # the warning that says what was guessed, and names the option


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The value that was chosen for an option."""

    option: str
    value: str
