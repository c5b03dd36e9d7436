"""Every record that crosses a seam: frozen, typed, and valid from birth."""

from core.records.data import (
    ClassCount,
    Dataset,
    FileReport,
    ImageRecord,
    IngestStage,
    IngestState,
    Split,
    Verdict,
)
from core.records.questions import Answer, Choice, Question
from core.records.results import (
    Accuracy,
    Export,
    HeadScore,
    LearningRateCurve,
    ModelCard,
    Paired,
    Prediction,
    Score,
    TestScore,
)
from core.records.runs import (
    BatchMetrics,
    EpochMetrics,
    Phase,
    Progress,
    Run,
    RunState,
    RunSummary,
    Stage,
    State,
)
from core.records.training import TrainConfig

__all__ = [
    "Accuracy",
    "Answer",
    "BatchMetrics",
    "Choice",
    "ClassCount",
    "Dataset",
    "EpochMetrics",
    "Export",
    "FileReport",
    "HeadScore",
    "ImageRecord",
    "IngestStage",
    "IngestState",
    "LearningRateCurve",
    "ModelCard",
    "Paired",
    "Phase",
    "Prediction",
    "Progress",
    "Question",
    "Run",
    "RunState",
    "RunSummary",
    "Score",
    "Split",
    "Stage",
    "State",
    "TestScore",
    "TrainConfig",
    "Verdict",
]
