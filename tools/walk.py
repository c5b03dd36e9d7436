"""Count the stops that a configuration makes on its way through a run: `python -m tools.walk`.

A small network is trained from random values, head and fine-tuning, while each call in `core` is
looked at: one that is given a `TrainConfig`, or a record that carries one, is a stop. Further down,
where only numbers and arrays are passed on, nobody has to know what a configuration is.
"""

import dataclasses
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import numpy as np
from PIL import Image

from core import runs
from core.ingest import requests
from core.models import presets
from core.records import TrainConfig
from core.workspace import Workspace

DEPTH = 3  # records inside records
Stop = tuple[str, str]  # module and function


def main() -> None:
    """Train, and print how many stops were made in how many modules and kinds of records."""
    import tensorflow as tf

    from core.engine.device import Device
    from core.engine.training import memory
    from core.engine.training.job import Job

    with tempfile.TemporaryDirectory() as folder:
        ws = Workspace(Path(folder) / "workspace")
        config = presets.configure(_dataset(ws, Path(folder) / "pictures"), preset="quick", **SMALL)
        walk = Walk()
        sys.setprofile(walk.called)
        run_id = runs.create(ws, config)
        device = Device(name="CPU", strategy=tf.distribute.get_strategy(), policy="float32")
        job = Job(ws=ws, run_id=run_id, config=config, device=device, stop=lambda: False)
        memory.train(job)
        sys.setprofile(None)
    modules = {module for module, _ in walk.stops}
    print(f"stops {len(walk.stops)}, modules {len(modules)}, kinds of records {len(walk.carriers)}")
    print("records:", *sorted(walk.carriers))
    for module, function in walk.stops:
        print(f"  {module}.{function}")


SMALL = {
    "backbone": "MobileNet-0.25",
    "weights": "none",
    "image_size": 32,
    "freeze": "none",
    "epochs": 1,
    "fine_tune_epochs": 1,
}


def _dataset(ws: Workspace, folder: Path) -> str:
    rng = np.random.default_rng(0)
    for label, mean in (("dark", 60), ("light", 190)):
        (folder / label).mkdir(parents=True)
        for number in range(20):
            pixels = rng.normal(mean, 40, (32, 32, 3)).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / label / f"{number}.png")
    return requests.run(ws, requests.begin(ws), source=folder).id


class Walk:
    """The stops in the order in which they were first made, and the kinds of records passed."""

    def __init__(self) -> None:
        self.stops: dict[Stop, None] = {}
        self.carriers: set[str] = set()

    def called(self, frame: FrameType, event: str, _: object) -> None:
        """Take note of a call that is given a configuration; for `sys.setprofile`."""
        module = str(frame.f_globals.get("__name__", ""))
        if event != "call" or not module.startswith("core."):
            return
        code = frame.f_code
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        given = [frame.f_locals[name] for name in names if name in frame.f_locals]
        carriers = {type(value).__name__ for value in given if carries(value)}
        if carriers and "<locals>" not in code.co_qualname:
            self.stops.setdefault((module, code.co_qualname))
            self.carriers |= carriers


def carries(value: object, depth: int = DEPTH) -> bool:
    """Tell whether a value is a configuration or a record with one inside."""
    if isinstance(value, TrainConfig):
        return True
    return depth > 0 and any(carries(inside, depth - 1) for inside in _fields(value))


def _fields(value: object) -> Iterator[object]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield getattr(value, field.name, None)


if __name__ == "__main__":
    main()
