"""What the card of a model says by what the model answers: classes, or a number."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from core.exports.bundles.run_facts import RunFacts
from core.records import Parity

Rows = Mapping[str, str]  # the first cell of a row, and the second
Column = Callable[[Parity], str]
FOREIGN = "Nothing is known of pictures that were taken otherwise than those of the data set."


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTexts:
    """The parts of a card that differ; in English, as Markdown."""

    what: Callable[[RunFacts], str]  # it is, in the first line
    output: Callable[[RunFacts], Rows]
    answers: Callable[[RunFacts], Rows]  # what its data set teaches
    scores: Callable[[RunFacts], str]
    classes: Callable[[RunFacts], str]  # one by one; empty: there are none
    limits: Callable[[RunFacts], Iterator[str]]
    compared: Callable[[RunFacts], Mapping[str, Column]]  # columns of the table of trials
    explained: str  # what these columns are
