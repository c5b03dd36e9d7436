"""The numbers that a run's model reads off the images of one part, image by image.

They lie where the answers of a model of classes do, and are whole or not there.
"""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import files
from core.records import Split
from core.records.choices import REGRESSION
from core.run_folder import RunFolder
from core.run_results import predictions

Array = NDArray[np.float64]
_STAGES = ("nearest", "before", "last")


@dataclass(frozen=True, kw_only=True, eq=False)
class NumberAnswers:
    """What a model says of the images of one part, in the unit of the user: (images,) each."""

    contents: tuple[str, ...]  # names of the images
    groups: tuple[str, ...]  # of each image; empty where it stands alone
    true: Array
    said: Array
    nearest: Array | None = None  # the numbers of the most similar training pictures, by pixels
    before: Array | None = None  # said by the head as fine-tuning began
    last: Array | None = None  # in the last state of fine-tuning

    @property
    def errors(self) -> Array:
        """Give how far each is off, above the truth or below: (images,), float."""
        return np.asarray(self.said - self.true)


def write(folder: RunFolder, split: Split, found: NumberAnswers) -> None:
    """Write the numbers of a part, whole or not at all."""
    stages = {name: getattr(found, name) for name in ("true", "said", *_STAGES)}
    arrays: dict[str, Any] = {
        "task": np.array(REGRESSION),
        "contents": np.array(found.contents, np.str_),
        "groups": np.array(found.groups, np.str_),
        **{name: np.asarray(a, np.float64) for name, a in stages.items() if a is not None},
    }
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    files.write_bytes(predictions.path_of(folder, split), buffer.getvalue())


def read(folder: RunFolder, split: Split = Split.VALIDATION) -> NumberAnswers | None:
    """Read the numbers of a part; None where there are none, or the file is damaged."""
    path = predictions.path_of(folder, split)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return NumberAnswers(
                contents=tuple(found["contents"].tolist()),
                groups=tuple(found["groups"].tolist()),
                true=found["true"],
                said=found["said"],
                **{name: found[name] for name in _STAGES if name in found},
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
