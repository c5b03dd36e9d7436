"""A batch that was worked through once, by an engine that looks at the colour of an image."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from core.batch_predictions import job, store
from core.records import Prediction, Score
from core.runs import engine_process
from core.runs.inference import Engine
from core.workspace import Workspace
from tests import builders

LABELS = ("green", "red")


@dataclass
class Colours:
    """Names the stronger of red and green; can be made to end at some question."""

    asked: list[int] = field(default_factory=list)  # how many images, each time
    ends: Any = None  # called with the copies before they are answered

    def predict(
        self, run_id: str, images: Sequence[Path], *, stored: bool = False
    ) -> tuple[Prediction, ...]:
        assert stored
        if self.ends is not None:
            self.ends(self, images)
        self.asked.append(len(images))
        return tuple(map(self._one, images))

    @staticmethod
    def _one(path: Path) -> Prediction:
        red, green, _ = np.asarray(Image.open(path)).mean(axis=(0, 1))
        label, other = ("red", "green") if red > green else ("green", "red")
        scores = (Score(label=label, probability=0.75), Score(label=other, probability=0.25))
        return Prediction(file=str(path), label=label, scores=scores)


def as_engine(colours: Colours) -> Engine:
    return cast(Engine, colours)


@pytest.fixture(autouse=True)
def _no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start nothing: tests work on batches themselves."""
    monkeypatch.setattr(engine_process, "detach", lambda *given, log: None)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as it comes from the field: sites, one name twice, names that are formulas, junk."""
    root = tmp_path_factory.mktemp("field") / "photos"
    for seed, (name, colour) in enumerate(
        {
            "site 1/red/1.png": 0,
            "site 1/red/2.png": 0,
            "site 1/green/1.png": 1,
            "site 2/red/1.png": 1,
            "site 2/green/=cmd()|' !A0.png": 1,
        }.items()
    ):
        builders.write_image(root / name, colour=colour, seed=seed)
    (root / "site 2" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (root / "site 2" / "empty.png").write_bytes(b"")
    (root / "notes.txt").write_text("weather: fine")
    (root / ".hidden.png").write_bytes(b"x")
    return root


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> tuple[Workspace, str]:
    """Give a workspace with a batch of all these, which is done; nothing may change it."""
    ws = Workspace(tmp_path_factory.mktemp("worked"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_process, "detach", lambda *given, log: None)
        batch_id = begun(ws, photos)
        job.work(ws, batch_id, as_engine(Colours()))
    return ws, batch_id


def begun(ws: Workspace, source: Path, **given: Any) -> str:
    builders.make_dataset(ws)
    return store.begin(ws, builders.make_run(ws), source=source, name=source.name, **given)
