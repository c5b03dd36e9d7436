"""Prediction: the one path from images to probabilities, in use and when a model is checked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import files
from core.engine.features import pipeline, running
from core.engine.prediction import recognising
from core.engine.prediction.compiled import Predictor
from core.engine.prediction.recognising import Likeness
from core.errors import Problem, UserError
from core.images import pixels
from core.records import LearnedTarget, ModelCard, Prediction, Score
from core.words import say
from core.workspace import RunFolder


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """What a model makes of one image."""

    columns: NDArray[np.float32]  # (outputs,), as the model gives them: one for a number
    features: NDArray[np.float32] | None  # (channels,), pooled; None: converted by an old version

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """Give those of the classes: (classes,), two for a sigmoid: of the second, and the rest."""
        return as_probabilities(self.columns)


def as_probabilities(columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give a column for each class, two for a sigmoid.

    (images, outputs) -> (images, classes), float32; or of one image, (outputs,).
    """
    if columns.shape[-1] > 1:
        return columns
    return np.concatenate([1 - columns, columns], axis=-1)


def outputs(predictor: Predictor, images: Iterable[NDArray]) -> Iterator[Output]:
    """Give what a model makes of each image (size, size, 3), uint8, in order."""
    for given in running.run(predictor.network, images):
        said = given if predictor.outputs is None else given[:, : predictor.outputs]
        for row, columns in zip(said, given, strict=True):
            yield Output(row, None if predictor.outputs is None else columns[predictor.outputs :])


def probabilities(predictor: Predictor, images: Iterable[NDArray]) -> Iterator[NDArray]:
    """Give one row of probabilities for each image (size, size, 3), uint8."""
    return (output.probabilities for output in outputs(predictor, images))


def of_copies(predictor: Predictor, copies: Sequence[Path]) -> Iterator[Output]:
    """Give what a model makes of stored copies, in order."""
    read = pipeline.parallel(lambda copy: pixels.read_copy(copy, predictor.size), copies)
    return outputs(predictor, read)


def predict(
    folder: RunFolder, predictor: Predictor, paths: Sequence[Path], *, stored: bool = False
) -> list[Prediction]:
    """Say what a run's model sees in files, most likely class first, or why one cannot be read.

    ``stored``: they are copies as data sets have them.
    """
    card = files.read_record(folder.card, ModelCard)
    problems: dict[int, Problem] = {}
    images = read_images(paths, predictor.size, problems, bands=card.bands, stored=stored)
    found = list(outputs(predictor, images))
    said = iter(zip(found, _likeness(folder, found), strict=True))
    return [
        Prediction(file=str(path), problem=problems[index])
        if index in problems
        else _answer(path, card, *next(said))
        for index, path in enumerate(paths)
    ]


def read_images(
    paths: Sequence[Path],
    size: int,
    problems: dict[int, Problem],
    *,
    bands: str = "",
    stored: bool = False,
) -> Iterator[NDArray]:
    """Give the images (size, size, 3) uint8 of files that can be read, in order.

    What is wrong with another is noted by its index in ``problems``.
    """
    found = pipeline.parallel(
        lambda path: pixels.read_copy(path, size) if stored else _upload(path, size, bands), paths
    )
    return _readable(found, problems)


def _likeness(folder: RunFolder, found: Sequence[Output]) -> list[Likeness]:
    """Compare images with what was learned, where the model gives their features."""
    vectors = [output.features for output in found if output.features is not None]
    if not vectors:
        return [Likeness()] * len(found)
    return recognising.compare(folder, np.stack(vectors))


def _readable(
    images: Iterable[NDArray | Problem], problems: dict[int, Problem]
) -> Iterator[NDArray]:
    """Give the images that can be read; note by its index what is wrong with another."""
    for index, image in enumerate(images):
        if isinstance(image, Problem):
            problems[index] = image
        else:
            yield image


def _answer(path: Path, card: ModelCard, output: Output, likeness: Likeness) -> Prediction:
    if card.target is not None:
        return _number(path, card.target, float(output.columns[0]), likeness)
    found = scores(card.labels, output.probabilities)
    return Prediction(
        file=str(path),
        label=found[0].label,
        scores=found,
        unknown=likeness.unknown,
        similarity=likeness.similarity,
        similar=likeness.similar,
    )


def _number(path: Path, target: LearnedTarget, number: float, likeness: Likeness) -> Prediction:
    half = target.half_range
    return Prediction(
        file=str(path),
        similar=likeness.similar,
        number=number,
        low=None if half is None else number - half,
        high=None if half is None else number + half,
    )


def scores(labels: Sequence[str], row: NDArray) -> tuple[Score, ...]:
    """Name the probabilities (classes,) float, the most likely class first."""
    order = np.argsort(-row, kind="stable")
    return tuple(Score(label=labels[i], probability=float(row[i])) for i in order)


def _upload(path: Path, size: int, bands: str) -> NDArray | Problem:
    try:
        return pixels.read_copy(stored_copy(path, bands), size)
    except UserError as error:
        return error.problem


def stored_copy(path: Path, bands: str) -> bytes:
    """Make of a file what training would have stored. Raises `UserError`, which names the file."""
    try:
        return pixels.copy_of(path.read_bytes(), bands)
    except OSError:
        raise UserError(
            say("'{file}' could not be opened.", file=path.name),
            expected=say("A file that exists and may be read."),
            mend=say("Check its name and folder: {path}", path=str(path)),
        ) from None
    except UserError as error:
        what = say("'{file}': {what}", file=path.name, what=error.problem.what)
        raise UserError.of(replace(error.problem, what=what)) from None
