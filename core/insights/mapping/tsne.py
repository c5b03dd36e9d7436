"""t-SNE of features: the only place that imports scikit-learn, in a process of its own."""

import numpy as np
from numpy.typing import NDArray

from core.errors import UserError
from core.words import say

FEWEST = 10  # images
_PERPLEXITY = 30.0  # about how many neighbours each image keeps; fewer where there are few
_SEED = 0  # the same features give the same map


def place(directions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Place images on a plane: (images, 2). ``directions``: (images, channels), of unit length.

    van der Maaten & Hinton (2008), as scikit-learn does it with the tree of Barnes and Hut. On one
    thread: several spend more in all, and add up in an order of their own. Raises `UserError` where
    the features tell no image from another.
    """
    if np.ptp(directions, axis=0).max(initial=0.0) == 0:
        raise _all_alike()
    tsne, limits = _library()
    perplexity = min(_PERPLEXITY, (len(directions) - 1) / 3)
    with limits(1):
        made = tsne(init="pca", perplexity=perplexity, random_state=_SEED)
        return np.asarray(made.fit_transform(directions), np.float32)


def _library() -> tuple[type, type]:
    try:
        from sklearn.manifold import TSNE  # 2 s, so only where it is needed
        from threadpoolctl import threadpool_limits
    except ImportError as error:
        raise _not_installed() from error
    return TSNE, threadpool_limits


def _all_alike() -> UserError:
    return UserError(
        say("To this model all images look the same, so there is no map of them."),
        expected=say("A model that tells images apart."),
        mend=say("Train again with a lower learning rate, or with pretrained weights."),
    )


def _not_installed() -> UserError:
    return UserError(
        say("The map needs scikit-learn, which is not installed."),
        expected=say("All that requirements.txt names."),
        mend=say("Start Thaw anew with 'make run', which installs what is missing."),
    )
