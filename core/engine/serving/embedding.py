"""The pooled features of a data set, kept for whatever compares its images."""

from io import BytesIO
from pathlib import Path

import numpy as np

from core import files
from core.engine.device import Device
from core.engine.serving import scoring
from core.engine.training import setup, training_data
from core.engine.training.progress import Silent
from core.engine.training.setup import ORIGINALS
from core.records import Phase, TrainConfig
from core.workspace import Workspace

_ROWS = 256  # read from the features at once


class _ShareIn(Silent):
    """Writes the share that is done into a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def progress(self, share: float, *, images_per_second: float | None = None) -> None:
        self._file.write_text(f"{share:.3f}")


def embed(ws: Workspace, config: TrainConfig, device: Device) -> int:
    """Keep the pooled features of all images but the test part; gives their number.

    While they are computed, the share that is done lies beside them.
    """
    path = ws.embedding(config.dataset_id, config.dataset_version)
    path.parent.mkdir(parents=True, exist_ok=True)
    share_file = ws.embedded(config.dataset_id, config.dataset_version)
    report = _ShareIn(share_file)
    data = training_data.read(ws, config)
    ready = setup.prepare(ws, config, data, device=device, report=report)
    images = data.train.images + data.validation.images
    given = setup.features_of(ready, Phase.HEAD, images, ORIGINALS, report)
    rows = np.arange(len(images))
    vectors = np.concatenate(
        [
            np.asarray(given.batch(part, np.zeros(len(part), np.int64)), np.float32)
            for part in np.array_split(rows, -(-len(rows) // _ROWS))
        ]
    )
    buffer = BytesIO()
    contents = np.array([content for content, _ in images])
    np.savez(buffer, contents=contents, vectors=vectors.reshape(len(images), -1))
    files.write_bytes(path, buffer.getvalue())
    share_file.unlink(missing_ok=True)
    scoring.score_kept(ws, config, device, Silent().stop)
    return len(images)
