"""How a model that reads a number off pictures is judged, as terms of the glossary."""

from core.words import mark
from pages._glossary.term import Term

TERMS = (
    Term(
        name="r-squared",
        title=mark("R²"),
        words=mark("R² | R squared"),
        sentence=mark(
            "The share of the differences between the true numbers that a model explains: 1 is "
            "exact, 0 is no better than always saying the mean."
        ),
    ),
    Term(
        name="absolute-error",
        title=mark("Mean absolute error"),
        words=mark("mean absolute error | mean absolute errors"),
        sentence=mark(
            "How far the numbers of a model are off on average, in the unit of the number itself."
        ),
    ),
    Term(
        name="standardised-target",
        title=mark("Standardised target"),
        words=mark("standardised target | standardised targets | standardised number"),
        sentence=mark(
            "The number to learn, moved and stretched so that its mean is 0 and its spread is 1; "
            "the finished model answers in your unit again."
        ),
    ),
    Term(
        name="prediction-range",
        title=mark("Prediction range"),
        words=mark("prediction range | prediction ranges"),
        sentence=mark(
            "The range around an answer in which the truth lies nine times in ten, as the errors "
            "on the validation part show."
        ),
    ),
)
