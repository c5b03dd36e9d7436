"""What a GPU is worth here: ``python run.py bench gpu``, in under 4 minutes on a machine with one.

Thaw's own starter learns from drawn photographs on the GPU, in both precisions, and on the
processor of the same machine; then training is given too little memory on purpose. No network and
no file is needed. ``--cpu`` takes the same steps on the processor alone, few and small, to try the
script where there is no GPU: its figures say nothing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import ours, photographs
from benchmarks.bench import table
from core import devices, machine
from core.judging import statistics
from core.models import weights
from core.models.catalog import BACKBONES, STARTER
from core.workspace import Workspace

ROOT = Path(__file__).parents[1]
SECONDS, TRIAL_SECONDS = 230, 1800  # for all; what is not over by then is cut off
CHANCE = 0.05  # what comes about less often is no noise
NO_GPU = (
    "There is no GPU here that NVIDIA's driver knows, so nothing was measured. To try the script "
    "on the processor: python run.py bench gpu --cpu"
)
ROLES = {  # processes, each with another device of TensorFlow's, and what they do
    "gpu": "the GPU, in both precisions",
    "processor": "the processor",
    "memory": "too little memory",
}
Told = dict[str, Any]  # a line of a process: a sentence, a cell of the table, or right answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be measured, as the processes are told."""

    root: str  # of the workspace
    dataset_id: str
    backbone: str
    size: int  # pixels
    num_features: int  # images to compute the features of
    freeze: str  # all | none | the last frozen block, in fine-tuning
    epochs: int  # of fine-tuning; the first one also compiles
    is_trial: bool  # on the processor alone

    @property
    def ws(self) -> Workspace:
        return Workspace(Path(self.root))

    @property
    def weights(self) -> str:
        there = weights.on_disk(BACKBONES[self.backbone], self.size)
        return "imagenet" if there else "none"


@dataclass(slots=True)
class Findings:
    """What the processes told."""

    cells: dict[str, dict[str, str]] = field(default_factory=dict)  # by row and column
    right: dict[str, list[bool]] = field(default_factory=dict)  # by column, of the same images

    def take(self, told: Told) -> None:
        """Take in one line; a sentence is printed at once."""
        if "sentence" in told:
            print(told["sentence"], flush=True)
        if "row" in told:
            self.cells.setdefault(told["row"], {})[told["column"]] = told["text"]
        if "right" in told:
            self.right[told["column"]] = told["right"]


def prepare(folder: Path, backbone: str, *, is_trial: bool) -> Plan:
    """Draw the photographs and bring them in."""
    ws = Workspace(folder / "workspace")
    dataset = ours.ingest(ws, photographs.write(folder / "photographs", 48 if is_trial else 1000))
    plan = Plan(
        root=str(ws.root),
        dataset_id=dataset.id,
        backbone=backbone,
        size=32 if is_trial else 160,
        num_features=40 if is_trial else 4000,
        freeze=BACKBONES[backbone].blocks[-2].name if is_trial else "none",
        epochs=1 if is_trial else 2,
        is_trial=is_trial,
    )
    start = "random values" if plan.weights == "none" else "pretrained weights"
    print(f"{backbone} at {plan.size} pixels from {start}, {dataset.num_images} photographs")
    return plan


def listen(role: str, plan: Plan, seconds: float) -> Iterator[Told]:
    """Let a process take its steps, and give what it tells; it ends when its time is over."""
    command = [sys.executable, "-m", "benchmarks.gpu_steps", role, json.dumps(asdict(plan))]
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(role, plan),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        limit = threading.Timer(max(0.0, seconds), process.kill)
        limit.start()
        try:
            yield from map(json.loads, process.stdout or ())
            if code := process.wait():
                is_late = limit.finished.is_set()
                errors.seek(0)
                why = "no time was left" if is_late else f"failed with {code}"
                last = "" if is_late else "".join(["\n", *errors.readlines()[-15:]])
                yield {"sentence": f"The part '{ROLES[role]}' ended early: {why}.{last}"}
        finally:
            limit.cancel()
            process.kill()


def environment(role: str, plan: Plan) -> dict[str, str]:
    """Set TensorFlow as the engine does, with the GPU or without."""
    growing = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "TF_CPP_MIN_LOG_LEVEL": "3"}
    hidden = {"CUDA_VISIBLE_DEVICES": "-1"} if plan.is_trial or role == "processor" else {}
    return {**os.environ, **growing, **hidden}


def compared(right: Mapping[str, Sequence[bool]]) -> Iterator[str]:
    """Say of each column whether its model answers as well as that of the last one."""
    *others, last = right or [""]
    for name in others:
        pairs = list(zip(right[name], right[last], strict=True))
        better, worse = pairs.count((True, False)), pairs.count((False, True))
        chance = statistics.sign_test(better, worse)
        verdict = "within noise" if chance >= CHANCE else "MORE THAN NOISE"
        yield (
            f"{name}: {sum(right[name])} of {len(pairs)} right, {last}: {sum(right[last])}; "
            f"{better} images better, {worse} worse: {verdict} (p = {chance:.2f})"
        )


def show(found: Findings) -> None:
    """Print the table, and whether all came to the same."""
    columns = list(dict.fromkeys(c for cells in found.cells.values() for c in cells))
    rows = [(row, *(cells.get(c, "") for c in columns)) for row, cells in found.cells.items()]
    table(("", *columns), *rows)
    for sentence in compared(found.right):
        print(sentence)


def no_gpu() -> str:
    """Say why there is nothing to measure; empty where there is a GPU."""
    return "" if machine.has_gpu() else str(devices.hidden_gpus() or NO_GPU)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, or say why not and end with 2."""
    parser = argparse.ArgumentParser(prog="python run.py bench gpu", description=__doc__)
    parser.add_argument("--backbone", default=STARTER, choices=BACKBONES, metavar="NAME")
    parser.add_argument("--cpu", action="store_true", help="try the script on the processor")
    options = parser.parse_args(arguments)
    if not options.cpu and (reason := no_gpu()):
        parser.exit(2, f"{reason}\n")
    began, found = time.monotonic(), Findings()
    until = began + (TRIAL_SECONDS if options.cpu else SECONDS)
    with tempfile.TemporaryDirectory(prefix="thaw-bench-") as folder:
        plan = prepare(Path(folder), options.backbone, is_trial=options.cpu)
        for role in ROLES:
            for told in listen(role, plan, until - time.monotonic()):
                if "refused" in told:
                    parser.exit(2, f"{told['refused']}\n")
                found.take(told)
    show(found)
    print(f"{time.monotonic() - began:.0f} seconds in all")


if __name__ == "__main__":
    main()
