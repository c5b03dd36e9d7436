"""Records of explanations: where in a picture, or in all of a class, a model sees that class."""

from dataclasses import dataclass

from core.errors import UserError
from core.records.results import SURE, Score
from core.words import say

Heat = tuple[tuple[float, ...], ...]  # rows of places from the top: what each adds for a class


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturePart:
    """A part of a picture, in shares of its width and height. Raises `UserError` if it is none."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def __post_init__(self) -> None:
        if 0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1:
            return
        sides = (self.left, self.top, self.right, self.bottom)
        raise UserError(
            say("{sides} is no part of a picture.", sides=" ".join(f"{100 * s:g}" for s in sides)),
            expected=say("Left, top, right and bottom edge, in percent from 0 to 100."),
            mend=say("Left is less than right, and top less than bottom: 0 0 50 100 is one half."),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where in a picture a class was seen, and what the model says of the picture."""

    label: str  # the class asked about, else the likeliest
    scores: tuple[Score, ...]  # most likely first
    heat: Heat  # cam: in parts of the logit; occlusion: in parts of its logarithm of probability
    method: str  # cam | occlusion
    milliseconds: float  # for network and map, without reading the file
    covered: tuple[Score, ...] = ()  # with the part covered that was asked about
    number: float | None = None  # of a model of numbers; the heat is in parts of it
    covered_number: float | None = None

    def probability(self, *, covered: bool = False) -> float:
        """Give the probability of the class, as the picture is or with a part covered."""
        scores = self.covered if covered else self.scores
        return next(score.probability for score in scores if score.label == self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassHeat:
    """Where a class is seen, on average over pictures of it, and how much of that at the border."""

    label: str
    made: float  # when the model was: `ModelCard.created_at`
    classes: int  # of the model
    images: int  # pictures of the class, of those that decide nothing by themselves
    heat: Heat  # what speaks for the class; the sum is 1
    border: float  # share of it in the outer ring, on average
    even: float  # share that heat would have there that is the same everywhere
    more: int  # pictures with clearly more there
    p: float  # how often chance alone would make it so many of them, or more
    spot: PicturePart | None = None  # the place there that is hotter than those that mirror it
    spotted: int = 0  # pictures in which it is
    spot_p: float | None = None  # as p, of that; None: nobody looked for it, in files of old

    @property
    def is_at_border(self) -> bool:
        """Tell whether it surely goes by the border, also as the worst of so many classes."""
        return self.p * self.classes < SURE

    @property
    def has_spot(self) -> bool:
        """Tell whether it surely looks at one place there, also as the worst of the classes."""
        return self.spot_p is not None and self.spot_p * self.classes < SURE
