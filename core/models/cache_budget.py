"""How much of the disk the features of frozen networks may take, and how much they would."""

import contextlib
import math
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from core.errors import UserError
from core.models import catalog, summary
from core.records import TrainConfig
from core.words import Message, say

_GIGABYTE = 10**9
_MOST = 20 * _GIGABYTE
_SHARE_OF_DISK = 0.5  # of what is free or held by the cache already
_NUMBER = 2  # bytes: features are kept in 16 bits


def allowed(cache: Path, environment: Mapping[str, str] = os.environ) -> int:
    """Give the bytes of ``THAW_CACHE_GB``, or 20 GB but at most half of the free disk."""
    asked = environment.get("THAW_CACHE_GB", "")
    if asked:
        return _asked(asked)
    existing = next(folder for folder in (cache, *cache.parents) if folder.exists())
    free = shutil.disk_usage(existing).free + size_of(cache)
    return min(_MOST, int(free * _SHARE_OF_DISK))


def _asked(text: str) -> int:
    try:
        gigabytes = float(text)
    except ValueError:
        gigabytes = -1
    if 0 <= gigabytes < 1e6:
        return int(gigabytes * _GIGABYTE)
    raise UserError(
        say("THAW_CACHE_GB was '{text}'.", text=text),
        expected=say("It must be a number of gigabytes, such as 5 or 0.5."),
        mend=say("Set it to a number, or unset it."),
    )


def size_of(folder: Path) -> int:
    """Count the bytes of all files below a folder; one deleted meanwhile takes none."""
    size = 0
    for inside, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                size += os.stat(os.path.join(inside, name)).st_size
    return size


def needed(config: TrainConfig, num_train: int, num_validation: int) -> int:
    """Give the bytes of the features behind the cut, for all views of all images.

    Nothing is kept where nothing is frozen, and next to nothing where all is.
    """
    backbone = catalog.backbone(config.backbone)
    frozen = backbone.blocks_up_to(config.freeze)
    if not config.thaws or frozen in (0, len(backbone.blocks)):
        return 0
    height, width, channels = backbone.blocks[frozen - 1].output_shape
    scale = config.image_size / backbone.default_size
    numbers = math.ceil(height * scale) * math.ceil(width * scale) * channels
    return _NUMBER * numbers * (num_train * summary.num_views(config) + num_validation)


def too_little(need: int, may: int) -> Message:
    """Say that features are not kept, what that means, and what helps."""
    return say(
        "The features would take {need} and the cache may take {budget}, so the "
        "frozen part runs again whenever they are needed, as in every epoch. Freeze more, use "
        "fewer views, or set THAW_CACHE_GB higher.",
        need=size_text(need),
        budget=size_text(may),
    )


def size_text(num_bytes: int) -> str:
    """Write a size with one digit behind the point, in the unit that leaves one before it."""
    if num_bytes < _GIGABYTE:
        return f"{num_bytes / 10**6:.1f} MB"
    return f"{num_bytes / _GIGABYTE:.1f} GB"
