"""``python -m tests.ray_cluster``: a Ray cluster of two nodes on this machine, one run each.

Prints its address. A line on standard input, the name of a node, kills that node at once; the end
of standard input ends all. The token is that of the environment. Only that process imports Ray.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

NAMES = ("one", "two")
ROOT = Path(__file__).parents[1]
MARKS = (
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("ray") is None, reason="requirements-cluster.txt is not there"),
)


@dataclass
class Running:
    """A cluster of two nodes."""

    process: "subprocess.Popen[str]"
    environment: dict[str, str]

    def kill(self, node: str) -> None:
        self._say(node)
        assert self._hear() == "killed"

    def _say(self, line: str) -> None:
        print(line, file=self.process.stdin, flush=True)

    def _hear(self) -> str:
        for line in self.process.stdout or ():
            if line.startswith("> "):
                return line[2:].strip()
        raise EOFError


@contextmanager
def running() -> Iterator[Running]:
    """Run a cluster in a process of its own for the block."""
    environment = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ray_cluster"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={
            **os.environ,
            **environment,
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_worker_niceness": "0",
        },
    )
    cluster = Running(process, environment)
    try:
        environment["THAW_EXECUTOR"] = f"ray:{cluster._hear()}"
        yield cluster
    finally:
        process.communicate(timeout=60)


def main() -> None:
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False}
    )
    nodes = {name: cluster.add_node(num_cpus=1, node_name=name, wait=False) for name in NAMES}
    cluster.wait_for_nodes()
    print(f"> {cluster.address}", flush=True)
    for line in sys.stdin:
        cluster.remove_node(nodes.pop(line.strip()), allow_graceful=False)
        print("> killed", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main()
