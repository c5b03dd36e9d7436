"""Questions about a source: asked on the page, or guessed and said where nobody can answer."""

import time
from collections.abc import Callable, Sequence

from core import files
from core.ingest.decoding.reading import IngestStopped
from core.ingest.progress import Teller
from core.records import Answer, Question
from core.records.imports import Options
from core.words import Message
from core.workspace import IngestFolder

PATIENCE = 86_400.0  # seconds for which an answer is waited for

Find = Callable[[Options], Sequence[Question]]
Ask = Callable[[Sequence[Question]], Sequence[Answer]]


def settle(
    options: Options, find: Find, ask: Ask | None = None
) -> tuple[Options, tuple[Message, ...]]:
    """Have questions answered, also those that an answer brings up; give the notes on guesses.

    ``find`` gives the questions that some options leave. Without ``ask`` nobody is there.
    """
    notes: tuple[Message, ...] = ()
    while unclear := [q for q in find(options) if not getattr(options, q.option)]:
        if ask is None:
            notes += tuple(question.note for question in unclear)
        options = options.answered(ask(unclear) if ask else map(guessed, unclear))
    return options, notes


def guessed(question: Question) -> Answer:
    """Give the answer to a question that nobody answers."""
    return Answer(option=question.option, value=question.guess)


def on_page(
    staged: IngestFolder, teller: Teller, *, poll: float = 0.2, patience: float = PATIENCE
) -> Ask:
    """Give a way to ask whoever looks at the state of an ingest, and to wait for the answers.

    Raises `IngestStopped` when the user stops, or nobody answers for a day.
    """

    def ask(questions: Sequence[Question]) -> Sequence[Answer]:
        teller.ask(tuple(questions))
        until = time.monotonic() + patience
        while (answers := _answers(staged, questions)) is None:
            if staged.stop.exists() or time.monotonic() > until:
                raise IngestStopped
            time.sleep(poll)
        teller.go_on()
        return answers

    return ask


def _answers(staged: IngestFolder, questions: Sequence[Question]) -> list[Answer] | None:
    """Read the answers; None while one is missing. What is no choice counts as the guess."""
    given = {answer.option: answer for answer in files.read_records(staged.answers, Answer)}
    if not all(question.option in given for question in questions):
        return None
    return [
        given[q.option]
        if given[q.option].value in {choice.value for choice in q.choices}
        else guessed(q)
        for q in questions
    ]


def record_answers(staged: IngestFolder, answers: Sequence[Answer]) -> None:
    """Write down what was chosen, beside what was chosen before."""
    known = {a.option: a for a in files.read_records(staged.answers, Answer)}
    files.write_records(staged.answers, (known | {a.option: a for a in answers}).values())
