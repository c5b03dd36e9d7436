"""What fine-tuning moved, block by block, and whether it destroyed what the backbone knew."""

import contextlib

from core import files
from core.records import Movement
from core.run_folder import RunFolder

DESTROYED = 0.5  # a network of random values is about as like a pretrained one: .3 to .6


def write(folder: RunFolder, found: Movement) -> None:
    """Write it, whole or not at all."""
    files.write_record(folder.movement, found)


def read(folder: RunFolder) -> Movement | None:
    """Read it; None where nothing was fine-tuned, an old run did not note it, or it is damaged."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return files.read_record(folder.movement, Movement)
    return None


def is_destroyed(found: Movement) -> bool:
    """Tell whether, in the last state, the end of the backbone sees images as a random one would.

    What is kept hides it: where it went wrong, the head alone is kept.
    """
    return bool(found.blocks) and found.blocks[-1].features_last < DESTROYED
