"""How a number is asked for where images are brought in, and what a data set of numbers holds."""

from core.cli.arguments import Parser
from core.ingest import numbering
from core.judging.numbers import written
from core.records import Dataset
from core.records.imports import COLUMN
from core.words import mark, render


def add_target(sub: Parser) -> None:
    number = mark(
        "learn a number instead of classes: the name of the column of a list that holds it, or "
        "'folder' where each folder is called by the number of its images (default: classes)"
    )
    sub.add_argument("--target", default="", metavar="COLUMN", help=number)


def target(asked: str) -> str:
    """Take the name of a column as such, unless the folders are meant."""
    is_told = not asked or asked == numbering.FOLDER
    return asked if is_told else f"{COLUMN}{asked.removeprefix(COLUMN)}"


def contents(dataset: Dataset, language: str) -> str:
    """Say what the images of a data set are sorted by."""
    if dataset.target:
        return render(written.span(dataset.target), language)
    return ", ".join(c.name for c in dataset.listed)
