"""What of a run goes into a ZIP, and nothing else comes out of one.

Left out: checkpoints, exports and heat maps, which are made again; what libraries printed; and
sentences, which are kept as templates that a stranger could have written.
"""

from collections.abc import Mapping

from core.records import (
    EpochMetrics,
    HeadScore,
    JunkTest,
    ModelCard,
    Movement,
    RunEvaluation,
    RunState,
    TestScore,
    TrainConfig,
)
from core.records.runs import BatchMetrics, StripEpoch, StripPictures

MODEL, CONFIG, STATE, CARD, NAME = (
    *("model.keras", "config.json", "state.json", "model.json", "name.txt"),
)
RECORDS: Mapping[str, type] = {
    CONFIG: TrainConfig,
    STATE: RunState,
    CARD: ModelCard,
    "test.json": TestScore,
    "folds.json": HeadScore,
    "evaluation.json": RunEvaluation,
    "movement.json": Movement,
    "junk_test.json": JunkTest,
}
LINES: Mapping[str, tuple[type, ...]] = {  # of JSON, each of one of these kinds
    "metrics.jsonl": (EpochMetrics, BatchMetrics),
    "strip.jsonl": (StripPictures, StripEpoch),
}
ARRAYS = (
    *("predictions.npz", "test_predictions.npz", "features.npz", "test_features.npz"),
    "unknown.npz",
)
NEEDED = {MODEL, CONFIG, STATE, CARD}
FILES = {*RECORDS, *LINES, *ARRAYS, MODEL, NAME}
_MEGABYTE = 2**20
MOST_BYTES = dict.fromkeys((*RECORDS, *LINES), 32 * _MEGABYTE) | {
    **dict.fromkeys(ARRAYS, 256 * _MEGABYTE),
    NAME: 10_000,
    MODEL: 2**31,
}
