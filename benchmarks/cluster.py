"""One node against two of a Ray cluster: ``python -m benchmarks cluster FOLDER``.

Needs requirements-cluster.txt. Both nodes lie on this machine, each bound to half of its processors
(Linux), so a ratio of 2 would be all there is to gain. One node and two take turns, so that what
else the machine does disturbs both.
"""

import argparse
import os
import secrets
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core import datasets, runs, studies
from core.cluster import dispatching, features, ray_nodes
from core.cluster.desks import NodesDesk
from core.cluster.nodes import Nodes, NodeTask, Work
from core.ingest import requests
from core.models import presets
from core.records import State, TrainConfig
from core.records.studies import StudyKind
from core.runs import estimates
from core.runs.sharing.places import Place
from core.studies import ladder
from core.workspace import Workspace

FOLDS = 2
PARTS = ("extraction", "ladder", "failover")


@dataclass
class Limited:
    """A cluster of which only so many nodes are used at once."""

    nodes: Nodes
    num: int

    @property
    def device(self) -> str:
        return self.nodes.device

    def num_at_once(self) -> int:
        return self.num

    def submit(self, work: Work) -> NodeTask:
        return self.nodes.submit(work)


def main(arguments: Sequence[str]) -> None:
    """Measure on the images of a folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks cluster", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--backbone", default="ThawStarter")
    parser.add_argument("--image-size", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--rungs", type=int, default=3)
    parser.add_argument("--few", type=int, default=30, help="images of a class that are trained on")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args(arguments)
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    os.environ |= {"RAY_worker_niceness": "0"}  # 15 by default: other work here came first
    with tempfile.TemporaryDirectory(prefix="thaw-cluster-") as home:
        os.environ.setdefault("THAW_LOCKS", home)
        cluster, by_name = _start()
        nodes = ray_nodes.connect(cluster.address)
        try:
            _few(options, Path(home) / "few")
            if "extraction" in options.parts:
                _extraction(Path(home), options, nodes)
            if "ladder" in options.parts:
                _ladders(Path(home), options, nodes)
            if "failover" in options.parts:
                _failover(Path(home), options, nodes, lambda name: _kill(cluster, by_name[name]))
        finally:
            ray_nodes.close()
            cluster.shutdown()


def _start() -> tuple[Any, dict[str, Any]]:
    """Start a head and two nodes, each on processors of its own."""
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 0, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    every = sorted(os.sched_getaffinity(0))
    half = max(1, len(every) // 2)
    by_name = {}
    for name, own in (("one", every[:half]), ("two", every[half:] or every)):
        os.sched_setaffinity(0, own)  # what is started now inherits it
        by_name[name] = cluster.add_node(num_cpus=1, node_name=name)
    os.sched_setaffinity(0, every)
    return cluster, by_name


def _kill(cluster: Any, node: Any) -> None:
    cluster.remove_node(node, allow_graceful=False)


def _workspace(root: Path, folder: Path) -> tuple[Workspace, str]:
    ws = Workspace(root)
    requests.run(ws, requests.begin(ws, "bench"), source=folder)
    return ws, datasets.all_datasets(ws)[0].id


def _base(options: argparse.Namespace, dataset_id: str, num: int) -> TrainConfig:
    return presets.configure(
        dataset_id, backbone=options.backbone, image_size=options.image_size, num_train=num
    )


def _extraction(home: Path, options: argparse.Namespace, nodes: Nodes) -> None:
    ws, dataset_id = _workspace(home / "extraction", options.folder)
    num = sum(estimates.num_images(ws, dataset_id, 0, ()))
    config = replace(_base(options, dataset_id, num), augmentation="none", num_views=1)

    def compute(num_nodes: int) -> float:
        shutil.rmtree(ws.cache, ignore_errors=True)
        began = time.monotonic()
        tasks = [nodes.submit(work) for work in features.shard_works(ws, config, num_nodes)]
        while not features.wait(tasks, 1.0):
            pass
        return num / (time.monotonic() - began)

    compute(2)  # both load TensorFlow
    _compare(f"extraction of {num} images, images a second", compute, options.rounds)


def _ladders(home: Path, options: argparse.Namespace, nodes: Nodes) -> None:
    def climb(num_nodes: int) -> float:
        with tempfile.TemporaryDirectory(dir=home, ignore_cleanup_errors=True) as root:
            ws, dataset_id = _workspace(Path(root), home / "few")
            num = sum(estimates.num_images(ws, dataset_id, 0, ()))
            base = replace(_base(options, dataset_id, num), freeze="all", fine_tune_epochs=0)
            arms = ladder.plan(base, num, rungs=options.rungs)
            studies.create(ws, StudyKind.LADDER, arms, folds=FOLDS)
            began = time.monotonic()
            _dispatch(ws, Limited(nodes, num_nodes))
            assert all(state.state is State.DONE for state in runs.states(ws).values())
            return time.monotonic() - began

    _compare(f"ladder of {options.rungs} rungs and {FOLDS} folds, seconds", climb, options.rounds)


def _failover(
    home: Path, options: argparse.Namespace, nodes: Nodes, kill: Callable[[str], None]
) -> None:
    ws, dataset_id = _workspace(home / "failover", home / "few")
    num = sum(estimates.num_images(ws, dataset_id, 0, ()))
    base = _base(options, dataset_id, num)
    config = replace(base, freeze="none", epochs=1, fine_tune_epochs=12, batch_size=16)
    run_id = runs.create(ws, config)
    thread = threading.Thread(target=_dispatch, args=[ws, nodes])
    thread.start()
    _wait_for(lambda: len(runs.epochs(ws, run_id)) > 3)
    node, epochs = runs.state_of(ws, run_id).node, len(runs.epochs(ws, run_id))
    kill(node)
    began = time.monotonic()
    _wait_for(lambda: runs.state_of(ws, run_id).node not in (node, ""))
    elsewhere = time.monotonic() - began
    _wait_for(lambda: len(runs.epochs(ws, run_id)) > epochs)
    print(
        f"a node is killed: {elsewhere:.0f} s until the run begins elsewhere, "
        f"{time.monotonic() - began:.0f} s until its next new epoch",
        flush=True,
    )
    thread.join()
    print(f"it ended as {runs.state_of(ws, run_id).state.value}", flush=True)


def _dispatch(ws: Workspace, nodes: Nodes) -> None:
    desk = NodesDesk(lambda: nodes)
    dispatching.dispatch(Place(ws), desk, lives_on=lambda: False)


def _compare(what: str, measure: Callable[[int], float], rounds: int) -> None:
    """Measure with one node and with two in turn, and print the middle and their ratio."""
    found: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for num in found:
            found[num].append(measure(num))
    one, two = (statistics.median(values) for values in found.values())
    told = [" ".join(f"{value:.1f}" for value in values) for values in found.values()]
    print(f"{what}: one node {told[0]}; two {told[1]}; ratio {two / one:.2f}", flush=True)


def _few(options: argparse.Namespace, target: Path) -> None:
    """Copy a few images of each class."""
    for one in sorted(path for path in options.folder.iterdir() if path.is_dir()):
        (target / one.name).mkdir(parents=True)
        for image in sorted(one.iterdir())[: options.few]:
            shutil.copy(image, target / one.name)


def _wait_for(happened: Callable[[], bool]) -> None:
    while not happened():
        time.sleep(0.1)
