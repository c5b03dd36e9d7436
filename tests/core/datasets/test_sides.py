"""How large images are is the middle of those that are learned from."""

from dataclasses import replace

from core import datasets, files
from core.records import Split
from tests import builders


def sized(ws, sides):
    """Give a data set whose images, part by part, have such sides."""
    dataset = builders.make_dataset(ws, num=8)
    images = [
        replace(image, width=sides[image.label, image.split], height=30)
        for image in datasets.images(ws, dataset.id)
    ]
    files.write_records(ws.dataset(dataset.id).listing(), images)
    return dataset


def test_it_is_the_longer_side_of_the_training_images_in_the_middle(ws):
    sides = {(label, part): 500 for label in ("red", "green") for part in Split}
    sides["red", Split.TRAIN], sides["green", Split.TRAIN] = 64, 20
    dataset = sized(ws, sides)

    assert datasets.usual_side(ws, dataset.id) == 64
    assert datasets.usual_side(ws, dataset.id, left_out=("red",)) == 30


def test_where_nothing_is_left_it_is_not_known(ws):
    dataset = builders.make_dataset(ws)

    assert datasets.usual_side(ws, dataset.id, left_out=("red", "green")) is None
