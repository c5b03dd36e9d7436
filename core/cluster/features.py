"""The features of a large data set, computed by all nodes before the run that needs them begins.

Each node has a share of the images, in a cache of its own; the run takes them over. What a node
that died has not computed, the run computes itself.
"""

import contextlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.cluster import code
from core.cluster.nodes import Nodes, NodeTask, Work
from core.errors import UserError
from core.records import TrainConfig
from core.records.requests import PrepareRun, encode_request
from core.runs import estimates
from core.workspace import Workspace

LEAST_IMAGES = 1000  # in a shard: a node loads TensorFlow for it, and converts the network


@dataclass(slots=True)
class FeatureShards:
    """The shards that were begun; runs that need the same ones wait for them together."""

    least: int = LEAST_IMAGES
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _begun: dict[tuple[object, ...], list[NodeTask]] = field(default_factory=dict)

    def begin(self, ws: Workspace, config: TrainConfig, nodes: Nodes) -> list[NodeTask]:
        """Have them computed, unless that was begun; none where one node alone is as quick."""
        about = str(ws.features), *_needed(config)
        with self._lock:
            if about not in self._begun:
                total = min(nodes.num_at_once(), _num_images(ws, config) // self.least)
                works = shard_works(ws, config, total) if total > 1 else []
                self._begun[about] = [nodes.submit(work) for work in works]
            return self._begun[about]


def wait(tasks: Sequence[NodeTask], timeout: float) -> bool:
    """Wait for all of them for so many seconds; True when they have ended, however.

    One that may be on a node that is gone has ended, too: the run computes what is missing.
    """
    end = time.monotonic() + timeout
    return all(
        task.outcome(max(0.0, end - time.monotonic())) is not None or task.may_be_lost()
        for task in tasks
    )


def _num_images(ws: Workspace, config: TrainConfig) -> int:
    """Count the images; none of a data set that is gone, as the run will say."""
    with contextlib.suppress(OSError, UserError):
        about = config.dataset_id, config.dataset_version, config.left_out
        return sum(estimates.num_images(ws, *about))
    return 0


def shard_works(ws: Workspace, config: TrainConfig, total: int) -> list[Work]:
    """Share the images of a run out: a request for each of so many nodes."""
    asked = (PrepareRun(config=config, shard=n, shards=total) for n in range(1, total + 1))
    same = {"verb": "train", "root": str(ws.root), "code": code.digest()}
    return [Work(line=encode_request(request), **same) for request in asked]


def _needed(config: TrainConfig) -> tuple[object, ...]:
    """Give what the features depend on: those of all rungs of a ladder are the same."""
    images = config.dataset_id, config.dataset_version, config.left_out, config.image_size
    views = config.augmentation, config.num_views, config.flips
    return *images, *views, config.backbone, config.weights, config.pooling
