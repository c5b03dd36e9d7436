"""Rows that are much nearer to each other than their surroundings."""

import numpy as np
import pytest

from core.datasets import duplicates, nearness

LEAST, MOST = 0.06, 0.25


def _rows(seed: int, num: int = 300) -> np.ndarray:
    """Draw rows of length one: some alone, some in dense places, some copies near and less near."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(num, 24)) * np.geomspace(1, 0.1, 24)
    rows[num // 2 :] = rows[rng.integers(0, num // 2, num - num // 2)]  # copies
    spread = np.where(rng.random(num) < 0.5, 0.01, rng.choice([0.02, 0.05, 0.1], num))
    rows += spread[:, None] * rng.normal(size=rows.shape)
    rows[: num // 6] = rows[0] + 0.08 * rng.normal(size=(num // 6, 24))  # a dense place
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _groups(num: int, links: object) -> list[list[int]]:
    return sorted(duplicates.joined(num, links))


def _all_compared(rows: np.ndarray, agrees: np.ndarray) -> list[tuple[int, int]]:
    """Link what is within reach, by all distances at once."""
    apart = np.sqrt(np.maximum(2 - 2 * rows @ rows.T, 0))
    eighth = np.sort(apart, axis=1)[:, nearness.NEIGHBOUR]
    reach = np.clip(nearness.SHARE * eighth, LEAST, MOST)
    near = (apart <= np.minimum(reach[:, None], reach)) & (agrees[:, None] == agrees)
    return [(i, j) for i, j in np.argwhere(near).tolist() if i < j]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sample", [16, 64, 1000])
def test_samples_and_projections_find_what_comparing_all_finds(seed: int, sample: int):
    rows = _rows(seed)
    agrees = np.arange(len(rows)) % 3 > 0

    found = nearness.pairs_within_reach(
        rows,
        least=LEAST,
        most=MOST,
        agree=lambda one, other: agrees[one] == agrees[other],
        sample=sample,
    )

    wanted = _groups(len(rows), _all_compared(rows, agrees))
    assert _groups(len(rows), found) == wanted
    assert len(wanted) > 20


def test_a_thousand_like_frames_give_a_thousand_links():
    rng = np.random.default_rng(0)
    rows = np.ones((1000, 8)) + 0.001 * rng.normal(size=(1000, 8))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    found = list(
        nearness.pairs_within_reach(
            rows, least=LEAST, most=MOST, agree=lambda one, _: np.ones(len(one), bool), sample=50
        )
    )

    assert len(found) == 999
    assert len(_groups(1000, found)) == 1
