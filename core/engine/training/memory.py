"""Train a run; where memory runs out, once more with half the batch."""

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import replace

import tensorflow as tf

from core import files
from core.engine import disk_space
from core.engine.loop import checkpoint
from core.engine.training import heads_alone, judged, run
from core.engine.training.job import Job
from core.errors import UserError
from core.models import solving
from core.records import TrainConfig
from core.words import Message, nsay, say

OUT_OF_MEMORY = (MemoryError, tf.errors.ResourceExhaustedError)
_SAID_OF_MEMORY = ("could not create a primitive", "bad_alloc", "Cannot allocate memory")


def train(job: Job) -> str:
    """Train to the end; ``done``, or ``stopped`` when it was asked to end before.

    Raises `UserError` where the configuration cannot be learned or does not fit into the memory,
    and `OSError` where a file cannot be read or written.
    """
    if job.halved and not job.given_up:
        if _has_no_batches(job.config):
            raise _too_much_to_solve(job.config)
        return _train_halved(job)
    try:
        with _lack_is_told():
            return _train_once(job)
    except MemoryError:
        if _has_no_batches(job.config):
            raise _too_much_to_solve(job.config) from None
        if job.config.batch_size == 1 or _is_to_end(job):
            raise _too_hungry(job.config) from None
    return _train_halved(job)


def _train_once(job: Job) -> str:
    if job.config.keeps_model:
        return run.train(job)
    return judged.train(job) if job.config.judges_apart else heads_alone.train(job)


def _has_no_batches(config: TrainConfig) -> bool:
    """Tell whether smaller batches mean nothing: the head is solved, and nothing else learns."""
    return solving.solves(config) and not config.thaws


def _is_to_end(job: Job) -> bool:
    """Tell whether all that is left to do is to save what was learned, which is not to be lost."""
    return job.given_up or (job.folder.checkpoints.exists() and job.stop())


def _train_halved(job: Job) -> str:
    """Train with half the batch; what was learned with the whole one is forgotten."""
    smaller = replace(job.config, batch_size=max(1, job.config.batch_size // 2))
    saved = checkpoint.latest(job.folder.checkpoints)
    if saved is None or (saved.state.batch_size > smaller.batch_size and not _is_to_end(job)):
        checkpoint.clear(job.folder.checkpoints)
        files.append_record(job.folder.log, _starts_again(smaller.batch_size))
    try:
        with _lack_is_told():
            return _train_once(replace(job, config=smaller))
    except MemoryError:
        raise _too_hungry(job.config) from None


def _starts_again(batch_size: int) -> Message:
    return nsay(
        "Memory ran out. Training starts again with batches of {num} image.",
        "Memory ran out. Training starts again with batches of {num} images.",
        num=batch_size,
    )


@contextlib.contextmanager
def _lack_is_told() -> Iterator[None]:
    """Tell a lack of memory or of disk from what TensorFlow and oneDNN raise."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        if disk_space.is_full(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        if isinstance(error, OUT_OF_MEMORY) or any(s in str(error) for s in _SAID_OF_MEMORY):
            raise MemoryError from error
        raise


def _too_much_to_solve(config: TrainConfig) -> UserError:
    return UserError(
        say(
            "Memory ran out with images of {size} pixels, while the head was solved or before.",
            size=config.image_size,
        ),
        expected=say("The network and the features of all images must fit into the memory."),
        mend=say("Close other programs, or choose a smaller backbone, fewer views or Adam."),
    )


def _too_hungry(config: TrainConfig) -> UserError:
    return UserError(
        say(
            "Memory ran out with images of {size} pixels in batches of {batch}.",
            size=config.image_size,
            batch=config.batch_size,
        ),
        expected=say("Training, also with half of that batch, must fit into the memory."),
        mend=say("Choose a smaller image size, a smaller backbone, or freeze more of it."),
    )
