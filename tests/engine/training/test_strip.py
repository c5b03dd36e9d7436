"""The pictures that are followed through training: which, and that each epoch stands once."""

from pathlib import Path

import numpy as np
import pytest

from core import files
from core.engine.loop.schedules import TrainingState
from core.engine.training import strip
from core.engine.training.training_data import ImageSet, TrainingData
from core.records import Dataset, Phase, StripEpoch, StripPictures

CLASSES = ("a", "b", "c")


def images(*pictures: tuple[str, int, str]) -> ImageSet:
    """Give pictures of a name, a class and a group."""
    names, labels, groups = zip(*pictures, strict=True) if pictures else ((), (), ())
    return ImageSet(
        images=tuple((name, Path(name)) for name in names),
        labels=np.array(labels, np.int32),
        groups=groups,
    )


def data(validation: ImageSet) -> TrainingData:
    return TrainingData(
        dataset=Dataset(
            id="d",
            name="d",
            created_at=0,
            classes=(),
            num_images=0,
            num_refused=0,
            num_junk=0,
            fingerprint="",
        ),
        labels=CLASSES,
        train=images(),
        validation=validation,
        warnings=(),
    )


MANY = images(*((f"{i:03d}", 0 if i < 90 else 1, "") for i in range(100)))
THREE = images(("x", 2, ""), ("y", 0, ""), ("z", 1, ""))


def test_a_large_class_does_not_crowd_out_a_small_one():
    chosen = strip.choose(MANY)

    assert len(chosen) == strip.NUM_PICTURES
    assert MANY.labels[chosen].tolist() == [0] * 14 + [1] * 10


def test_of_a_group_one_picture_is_enough_while_there_are_others():
    burst = images(*((f"{i:03d}", 0, "burst" if i < 90 else "") for i in range(115)))

    names = [burst.images[row][0] for row in strip.choose(burst)]

    assert names == ["000", *(f"{i:03d}" for i in range(90, 113))]


def test_the_order_of_the_images_does_not_matter():
    turned = images(*reversed([(name, int(label), "") for (name, _), label
                               in zip(MANY.images, MANY.labels, strict=True)]))  # fmt: skip

    chosen = [[part.images[row][0] for row in strip.choose(part)] for part in (MANY, turned)]

    assert chosen[0] == chosen[1]


def test_each_epoch_adds_how_the_pictures_are_named(tmp_path: Path):
    subject = strip.begin(tmp_path / "strip.jsonl", data(THREE), TrainingState())

    subject.add(Phase.HEAD, 1, np.array([0, 1, 2], np.int32))

    rows = files.read_rows(tmp_path / "strip.jsonl")
    assert files.build(StripPictures, rows[0]) == StripPictures(
        contents=("y", "z", "x"), labels=(0, 1, 2), classes=CLASSES
    )
    assert files.build(StripEpoch, rows[1]) == StripEpoch(
        phase=Phase.HEAD, epoch=1, named=(1, 2, 0)
    )
    assert {row["task"] for row in rows} == {"classification"}


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        (TrainingState(), []),
        (TrainingState(epoch=1), [(Phase.HEAD, 1)]),
        (
            TrainingState(phase=Phase.FINE_TUNE, epoch=1),
            [(Phase.HEAD, 1), (Phase.HEAD, 2), (Phase.FINE_TUNE, 1)],
        ),
    ],
)
def test_a_resumed_run_drops_the_epochs_that_it_trains_again(tmp_path: Path, state, kept):
    path, named = tmp_path / "strip.jsonl", np.zeros(3, np.int32)
    subject = strip.begin(path, data(THREE), TrainingState())
    for phase in Phase:
        for epoch in (1, 2):
            subject.add(phase, epoch, named)
    with path.open("ab") as file:
        file.write(b'{"phase": "fine_')

    strip.begin(path, data(THREE), state)

    lines = [files.build(StripEpoch, row) for row in files.read_rows(path)[1:]]
    assert [(line.phase, line.epoch) for line in lines] == kept


def test_a_damaged_beginning_is_written_anew(tmp_path: Path):
    path = tmp_path / "strip.jsonl"
    path.write_text('nothing\n{"phase": "head", "epoch": 1, "named": [0]}\n')

    strip.begin(path, data(THREE), TrainingState(epoch=1))

    assert len(files.read_rows(path)) == 1


def test_a_run_that_learns_from_the_validation_images_follows_none(tmp_path: Path):
    subject = strip.begin(tmp_path / "strip.jsonl", data(images()), TrainingState())

    subject.add(Phase.HEAD, 1, np.zeros(0, np.int32))

    assert not list(tmp_path.iterdir())
