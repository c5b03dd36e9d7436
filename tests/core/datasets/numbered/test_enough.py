"""Numbers that there are enough of, and that differ enough, to be learned."""

import numpy as np
import pytest

from core import datasets
from core.errors import UserError
from core.records import Dataset, Target


def dataset(numbers) -> Dataset:
    values = np.array(numbers, np.float64)
    target = Target(
        name="width",
        lowest=float(values.min()),
        highest=float(values.max()),
        mean=float(values.mean()),
        deviation=float(values.std()),
        different=len(np.unique(values)),
    )
    return Dataset(
        id="a",
        name="a",
        created_at=0.0,
        classes=(),
        num_images=len(values),
        num_refused=0,
        num_junk=0,
        fingerprint="",
        target=target,
    )


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([5.0] * 12, "All images have the same number."),
        (range(3), "There are 3 images."),
        (1.7e9 + np.arange(12), "hardly differ for their size: 1700000000 to 1700000011."),
    ],
)
def test_numbers_that_cannot_be_learned_are_refused(numbers, said):
    with pytest.raises(UserError) as caught:
        datasets.check_trainable(dataset(numbers))

    assert said in str(caught.value)


def test_years_and_small_numbers_can_be_learned():
    assert not datasets.check_trainable(dataset(np.linspace(1990, 2024, 120)))
    assert not datasets.check_trainable(dataset(np.linspace(1e-8, 9e-8, 120)))
