"""What the serving process finds out about a data set: its test score, its features."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np

from core import datasets, files
from core.engine.device import Device
from core.engine.prediction import checking
from core.engine.prediction.compiled import Predictor
from core.engine.training import setup, training_data
from core.engine.training.progress import Silent
from core.engine.training.setup import ORIGINALS
from core.errors import UserError
from core.records import Accuracy, ModelCard, Phase, TestScore, TrainConfig
from core.words import say
from core.workspace import Workspace

_ROWS = 256  # read from the features at once


def test(ws: Workspace, run_id: str, load: Callable[[], Predictor]) -> TestScore:
    """Open the test part for a run, and judge its model through the path that prediction takes.

    The opening is written down before an image is read, so no score is seen uncounted.
    """
    card = files.read_record(ws.run(run_id).card, ModelCard)
    dataset = datasets.get(ws, card.config.dataset_id, card.config.dataset_version)
    predictor = load()
    images = [i for i in datasets.open_test_of(ws, dataset, run_id) if i.label in card.labels]
    number = {label: index for index, label in enumerate(card.labels)}
    labels = np.array([number[image.label] for image in images], np.int32)
    copies = [datasets.image_path(ws, dataset.id, image) for image in images]
    score = checking.check(predictor, copies, labels, lambda done, total: None)
    result = TestScore(test=_checked(score), openings=datasets.num_openings(ws, dataset.id))
    files.write_record(ws.run(run_id).test, result)
    return result


def _checked(score: Accuracy) -> Accuracy:
    if score.images:
        return score
    raise UserError(
        say("The test part of this data set has no images."),
        expected=say("A class of 3 images or more gives at least one to it."),
        mend=say("Add images, then train again."),
    )


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
    return len(images)
