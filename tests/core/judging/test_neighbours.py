"""The nearest points, and how many of them are of the same class: by hand, and piece by piece."""

import numpy as np
import pytest

from core.judging import neighbours


def test_the_nearest_come_in_order_and_without_the_point_itself():
    points = np.array([[0.0], [1.0], [3.0], [7.0]])

    assert neighbours.nearest(points, 2).tolist() == [[1, 2], [0, 2], [1, 0], [2, 1]]


def test_neighbours_of_the_same_class_are_counted():
    points = np.array([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
    labels = np.array([0, 0, 1, 1, 1, 1])

    assert neighbours.of_own_class(points, labels, 2).tolist() == [1, 1, 0, 2, 2, 2]


@pytest.mark.parametrize("cells", [1, 50, 2**22])
def test_many_points_are_compared_piece_by_piece(cells, monkeypatch):
    monkeypatch.setattr(neighbours, "_CELLS", cells)
    points = np.random.default_rng(0).normal(size=(40, 3))
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)

    found = neighbours.nearest(points)

    assert np.array_equal(found, np.argsort(apart, axis=1)[:, 1:6])
