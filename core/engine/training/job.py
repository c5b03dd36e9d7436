"""A run to train: what was asked for, where, and how to learn that it should stop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.engine.device import Device
from core.models import step_times
from core.models.step_times import Step
from core.records import TrainConfig
from core.workspace import RunFolder, Workspace

Expect = Callable[[TrainConfig, int, int], Mapping[Step, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of a workspace, for the device of this process."""

    ws: Workspace
    run_id: str
    config: TrainConfig
    device: Device
    stop: Callable[[], bool]
    expect: Expect = step_times.seconds  # how long each step takes
    halved: bool = False  # the system ended it for its memory: half the batch is tried
    given_up: bool = False  # it trains no more: what its last checkpoint keeps becomes the model
    attempt: int = 0  # in the folder of that attempt; 0: in that of the run

    @property
    def folder(self) -> RunFolder:
        return self.ws.run(self.run_id).attempt(self.attempt)
