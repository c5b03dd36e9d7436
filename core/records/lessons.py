"""Records of lessons: what one asks, and how far a learner is with it."""

from dataclasses import dataclass

from core.records.results import Accuracy
from core.words import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonSide:
    """One of the two results that a lesson sets side by side."""

    title: str  # English, as all texts of a lesson; translated when shown
    data: str = "sample"  # of `lessons.variants.VARIANTS`
    data_seed: int = 0  # of the split
    settings: tuple[tuple[str, str | int | float], ...] = ()  # fields of `TrainConfig`
    part: str = "validation"  # that judges it, or test
    same_run: bool = False  # as the other side's: it is judged by other images


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonGuess:
    """One answer that a learner may choose."""

    name: str
    text: str
    because: tuple[str, ...] = ()  # what is explained where this is what happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A lesson, as its text in the tree has it."""

    name: str
    title: str
    minutes: int
    story: str
    question: str
    guesses: tuple[LessonGuess, ...]
    sides: tuple[LessonSide, ...]  # two; one with a study
    explanation: tuple[str, ...]  # that holds whatever happened
    aim: str  # for the teacher, as what follows
    asks: tuple[str, ...]
    study: str = ""  # ladder: one study in place of two runs
    map_of: str = ""  # the class whose heat map is shown with the result
    rule: str = "paired"  # how the answer is found: `lessons.outcomes`
    own_data: bool = False  # can be done on a data set of one's own

    @property
    def texts(self) -> tuple[str, ...]:
        """Give all that is translated."""
        return (
            *(self.title, self.story, self.question, self.aim),
            *self.explanation,
            *self.asks,
            *(guess.text for guess in self.guesses),
            *(text for guess in self.guesses for text in guess.because),
            *(side.title for side in self.sides),
        )

    def guess_named(self, name: str) -> LessonGuess | None:
        """Give a guess by its name; None where none is called so."""
        return next((guess for guess in self.guesses if guess.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How far a learner is with a lesson; rewritten whole at each step."""

    lesson: str
    guess: str
    pupil: str = ""
    dataset_ids: tuple[str, ...] = ()  # of each side
    run_ids: tuple[str, ...] = ()  # of each side
    study_id: str = ""
    created_at: float = 0.0  # seconds since the epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a lesson came to."""

    scores: tuple[Accuracy, ...]  # of each side, or of each rung
    names: tuple[Message, ...]  # of these
    answer: str  # the name of the guess that was right; empty: none was
    seconds: tuple[float, ...] = ()  # that each took; empty where one training gave both
    told: tuple[Message, ...] = ()  # what the answer rests on
