"""Nearest neighbours: the training images most similar to a picture vote, the nearer the more.

Similarity is the cosine of their features, and a vote counts 1 / (1 - cosine), as scikit-learn's
``KNeighborsClassifier(weights="distance", metric="cosine")`` has it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.judging.head import Array, unit_lengths

NUMBER = 7  # neighbours that vote: docs/decisions/classifiers.md
CLOSEST = 1e-6  # distance; 32-bit cosines tell no smaller ones
LEAST = 1e-7  # share of the votes that still counts, so that every logit is a number


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Neighbours:
    """Training images as neighbours."""

    directions: NDArray[np.float32]  # (images, width), of unit length
    votes: NDArray[np.float32]  # (images, classes): 1 for the class of each

    def logits(self, features: NDArray) -> Array:
        """Give the logarithms of the shares of the votes: (pictures, classes) float.

        ``features``: (pictures, width) float. Of equally near images all vote.
        """
        cosines = (features / unit_lengths(features)).astype(np.float32) @ self.directions.T
        least = np.partition(cosines, -num_voting(len(self.votes)), axis=1)
        nearest = cosines >= least[:, -num_voting(len(self.votes)), None]
        weights = np.where(nearest, 1 / np.maximum(1 - cosines, CLOSEST), 0)
        voted = weights @ self.votes
        found: Array = np.log(np.maximum(voted / voted.sum(axis=1, keepdims=True), LEAST))
        return found


def num_voting(num_images: int) -> int:
    """Count the neighbours that vote among so many images."""
    return min(NUMBER, num_images)


def remember(features: NDArray, labels: NDArray, num_classes: int) -> Neighbours:
    """Remember training images. ``features``: (images, width) float; ``labels``: (images,) int."""
    return Neighbours(
        directions=np.asarray(features / unit_lengths(features), np.float32),
        votes=np.eye(num_classes, dtype=np.float32)[labels],
    )
