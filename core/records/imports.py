"""What an ingest is asked to read, and how, beyond what the source says itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from core.records import Answer

COLUMN = "column:"  # before the name of one
REMEMBERED = (
    "group_by",
    "bands",
    "masks",
    "several_labels",
    "numbers",
    "boxes",
    "target",
)  # of a data set: images that are added to it are read in the same way


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was chosen. Empty: nothing, so what is unclear is asked, or guessed and said."""

    label: str = ""  # the one class of all files
    labels: tuple[tuple[str, str], ...] = ()  # files by their paths, and the class of each
    classes: str = ""  # top | bottom | 2 | 3 (from the top): the level of folders that is the class
    group_by: str = ""  # what files share that stay together: `core.ingest.grouping.WAYS`
    bands: str = ""  # first | refuse: what to do with more bands than colours; see `pixels`
    masks: str = ""  # leave-out | take: what to do with masks beside photographs
    several_labels: str = ""  # first | combine | refuse: of an image with several labels
    numbers: str = ""  # classes | refuse: of numbers in place of classes
    boxes: str = ""  # largest | refuse: of boxes in place of classes
    target: str = ""  # classes | folder | column:NAME: whether numbers are learned, and which
    encoding: str = ""  # of the names in an archive
    dataset_id: str = ""  # add to this data set, as a new version
    seed: int = 0  # of the split

    @property
    def predicts_number(self) -> bool:
        """Tell whether each image gets a number, and no class."""
        return self.target not in ("", "classes")

    def answered(self, answers: Iterable[Answer]) -> "Options":
        """Give the options with answers in them."""
        values: dict[str, Any] = {answer.option: answer.value for answer in answers}
        return replace(self, **values)

    def as_before(self, answers: Iterable[Answer]) -> "Options":
        """Give the options with what was answered for a data set, where nothing else is chosen."""
        return self.answered(a for a in answers if not getattr(self, a.option, "told"))

    def remembered(self) -> tuple[Answer, ...]:
        """Give what a data set remembers of how it was read."""
        values = ((name, str(getattr(self, name))) for name in REMEMBERED)
        return tuple(Answer(option=name, value=value) for name, value in values if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to read; without sources, what was received from a browser."""

    sources: tuple[str, ...] = ()
    name: str = ""
    options: Options = field(default_factory=Options)
    watched: bool = False  # somebody looks at its state and can answer questions
