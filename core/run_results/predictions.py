"""The answers of a run's model to the images of one part, image by image.

Those to the validation part are written as the run ends, before its card; those to the test part
when it is opened. Both are whole or not there.
"""

import zipfile
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import files
from core.judging.evaluation import calibration
from core.records import Split
from core.run_folder import RunFolder

TASK = "classification"
_STAGES = ("before", "last")


@dataclass(frozen=True, kw_only=True, eq=False)
class PartPredictions:
    """What a model says of the images of one part; a sigmoid's logits have two columns too."""

    contents: tuple[str, ...]  # names of the images
    labels: NDArray[np.int32]  # (images,), of the classes in the order of the outputs
    groups: tuple[str, ...]  # of each image; empty where it stands alone
    logits: NDArray[np.float32]  # (images, classes), of the kept model, before the temperature
    temperature: float = 1.0  # the saved model holds it
    before: NDArray[np.float32] | None = None  # logits of the head as fine-tuning began
    last: NDArray[np.float32] | None = None  # logits of the last state of fine-tuning

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """Give what Predict shows: (images, classes)."""
        return calibration.probabilities(self.logits, self.temperature)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Give the number of the class that each image is named: (images,)."""
        return named(self.logits)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Tell of each image whether it is named rightly: (images,) bool."""
        return np.asarray(self.predicted == self.labels, np.bool_)


def named(logits: NDArray) -> NDArray[np.int64]:
    """Give the number of the class of the highest logit: (images,). ``logits``: (images, classes).

    Of equal ones the first, as where the model is trained.
    """
    return np.asarray(logits.argmax(axis=1), np.int64)


def path_of(folder: RunFolder, split: Split) -> Path:
    """Give where the answers to a part lie. There are none to the training part."""
    return {Split.VALIDATION: folder.predictions, Split.TEST: folder.test_predictions}[split]


def write(folder: RunFolder, split: Split, found: PartPredictions) -> None:
    """Write the answers to a part, whole or not at all."""
    logits = {"logits": found.logits, "before": found.before, "last": found.last}
    arrays: dict[str, Any] = {
        "task": np.array(TASK),
        "contents": np.array(found.contents, np.str_),
        "labels": np.asarray(found.labels, np.int32),
        "groups": np.array(found.groups, np.str_),
        "temperature": np.array(found.temperature),
        **{name: np.asarray(a, np.float32) for name, a in logits.items() if a is not None},
    }
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    files.write_bytes(path_of(folder, split), buffer.getvalue())


def read(folder: RunFolder, split: Split = Split.VALIDATION) -> PartPredictions | None:
    """Read the answers to a part; None where there are none, or the file is damaged."""
    path = path_of(folder, split)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return PartPredictions(
                contents=tuple(found["contents"].tolist()),
                labels=found["labels"],
                groups=tuple(found["groups"].tolist()),
                logits=found["logits"],
                temperature=float(found["temperature"]),
                **{name: found[name] for name in _STAGES if name in found},
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
