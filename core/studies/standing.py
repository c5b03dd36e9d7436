"""What a study has come to so far, as each kind of study reads it to give its advice."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.records.studies import LearningCurve, StudyAsked, StudyRow
from core.studies.answers import Votes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Rows with who of the judged images each names rightly, fold by fold."""

    asked: StudyAsked
    rows: tuple[StudyRow, ...]
    votes: Mapping[str, Mapping[int, Votes]]  # of each row and baseline, by its name
    baselines: tuple[StudyRow, ...] = ()
    curve: LearningCurve | None = None
