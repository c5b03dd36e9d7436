"""One term of the glossary."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

DRAWINGS = Path(__file__).parents[1] / "assets" / "glossary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term, a sentence that explains it, and the words by which a text means it.

    ``words`` stand between bars, with their plurals; each language has its own.
    """

    name: str
    title: str
    words: str
    sentence: str

    @property
    def drawing(self) -> str:
        """Give the drawing, as SVG."""
        return _drawing(self.name)


@cache
def _drawing(name: str) -> str:
    return (DRAWINGS / f"{name}.svg").read_text(encoding="utf-8")
