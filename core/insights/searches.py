"""Looking for label issues and leaks, in a process that outlives the page that asked for it.

Start it with ``python -m core.insights.searches WORKSPACE DATASET_ID``. How it stands and what it
found lie in the folder of the data set, so a page that is opened later finds it again.
"""

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
from filelock import Timeout

from core import datasets, files, locks, privacy
from core.classroom import slots
from core.classroom.slots import Slot
from core.datasets import features, versions
from core.errors import Problem, UserError
from core.insights import label_issues, leak as leaks
from core.insights.label_issues import LabelIssue
from core.insights.leak import Leak
from core.models import presets
from core.records import Accuracy, Dataset, ImageRecord, TrainConfig
from core.runs import engine_process
from core.runs.inference import Engine
from core.words import say
from core.workspace import Workspace

Embed = Callable[[TrainConfig], int]  # keeps the features of a data set, as `Engine.embed`
_START_SECONDS = 60  # a process that has not begun by then never will


class SearchStage(StrEnum):
    """What a search is busy with."""

    LOOKING = "looking"  # a network looks at every image but the test images
    COMPARING = "comparing"  # small networks judge images that they did not see
    DONE = "done"
    FAILED = "failed"  # `Search.error` says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How a search stands, and in the end what it found; rewritten whole at each change."""

    stage: SearchStage
    version: int  # of the data set
    began_at: float  # seconds since the epoch
    label_issues: tuple[tuple[str, LabelIssue], ...] = field(  # by image key, the surest first
        default=(), metadata={"was": "doubts"}
    )
    judge: Accuracy | None = None  # of the labels; none in searches of old, which found too many
    leak: Leak | None = None  # none without any group
    error: Problem | None = None

    @property
    def is_under_way(self) -> bool:
        return self.stage in (SearchStage.LOOKING, SearchStage.COMPARING)


def start(ws: Workspace, dataset: Dataset) -> None:
    """Search a version of a data set in a process of its own, unless one is at it."""
    if (known := state(ws, dataset.id)) and known.is_under_way:
        return
    _write(ws, dataset.id, _begun(dataset))
    engine_process.detach("core.insights.searches", str(ws.root), dataset.id, log=ws.worker_log)


def run(ws: Workspace, dataset_id: str, embed: Embed) -> None:
    """Search the newest version in this process; what the user can mend is written down."""
    ws.staging.mkdir(parents=True, exist_ok=True)
    try:
        with locks.hold(_lock(ws, dataset_id)):
            _search(ws, datasets.latest(ws, dataset_id), embed)
    except Timeout:  # another process is at it
        return
    except FileNotFoundError:  # the data set was deleted meanwhile
        if ws.dataset(dataset_id).path.exists():
            raise
        datasets.forget_features(ws, dataset_id)


def _search(ws: Workspace, dataset: Dataset, embed: Embed) -> None:
    search = _begun(dataset)
    _write(ws, dataset.id, search)
    try:
        vectors = _vectors(ws, dataset, embed)
        _write(ws, dataset.id, replace(search, stage=SearchStage.COMPARING))
        judged = label_issues.judge_labels(ws, dataset, vectors)
        issues = judged.issues if judged else ()
        search = replace(
            search,
            stage=SearchStage.DONE,
            label_issues=tuple((versions.key(image), issue) for image, issue in issues),
            judge=judged.judge if judged else None,
            leak=leaks.estimate(ws, dataset, vectors),
        )
    except UserError as error:
        search = replace(search, stage=SearchStage.FAILED, error=error.problem)
    _write(ws, dataset.id, search)


def state(ws: Workspace, dataset_id: str) -> Search | None:
    """Tell how the last search stands; none was asked for: None. A dead one is said to be so."""
    path = ws.dataset(dataset_id).search
    if not path.exists():
        return None
    known = files.read_record(path, Search)
    starting = time.time() - known.began_at < _START_SECONDS
    if not known.is_under_way or starting or locks.is_held(_lock(ws, dataset_id)):
        return known
    known = files.read_record(path, Search)  # it may have ended just now
    if not known.is_under_way:
        return known
    return replace(known, stage=SearchStage.FAILED, error=_interrupted().problem)


def share_looked_at(ws: Workspace, dataset_id: str, search: Search) -> float:
    """Give the share of the images, 0 to 1, that the network has looked at."""
    file = ws.embedded(dataset_id, search.version)
    try:
        of_this_search = file.stat().st_mtime >= search.began_at
        return min(1.0, float(file.read_text())) if of_this_search else 0.0
    except (OSError, ValueError):  # not begun, over, or being written
        return 0.0


def remaining_issues(
    search: Search, images: Iterable[ImageRecord]
) -> tuple[tuple[ImageRecord, LabelIssue], ...]:
    """Give the label issues of a search that are left after what was curated since."""
    there = {versions.key(image): image for image in images}
    names = {image.label for image in there.values()}
    found = ((there[key], issue) for key, issue in search.label_issues if key in there)
    return tuple(
        (image, issue)
        for image, issue in found
        if image.label == issue.given and issue.suggested in names and not image.confirmed
    )


def _begun(dataset: Dataset) -> Search:
    now = time.time()
    return Search(stage=SearchStage.LOOKING, version=dataset.version, began_at=now)


def _write(ws: Workspace, dataset_id: str, search: Search) -> None:
    files.write_record(ws.dataset(dataset_id).search, search)


def _vectors(ws: Workspace, dataset: Dataset, embed: Embed) -> Mapping[str, np.ndarray]:
    """Take the features that are kept, if none is missing; else have them computed."""
    small = tuple(c.name for c in dataset.classes if c.count < datasets.MIN_IMAGES)
    kept = features.newest(ws, dataset)
    if kept and features.contents(ws, dataset, left_out=small) <= kept.keys():
        return kept
    config = presets.configure(
        dataset.id,
        preset="quick",
        side=datasets.usual_side(ws, dataset.id, dataset.version, small),
        dataset_version=dataset.version,
        left_out=small,
    )
    embed(config)
    return features.load(ws, dataset) or {}


def _lock(ws: Workspace, dataset_id: str) -> Path:
    """Held by the process that searches; the system frees it at its death."""
    return ws.staging / f"{ws.dataset(dataset_id).path.name}.search.lock"


def _interrupted() -> UserError:
    return UserError(
        say("The search was interrupted before it was done."),
        expected=say("It should have judged every image but the test images."),
        mend=say("Start it again."),
    )


def main(arguments: list[str]) -> int:
    """Search one data set; how it stands is read from its folder."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    privacy.begin()
    ws, dataset_id = Workspace(Path(arguments[0])), arguments[1]
    engine = Engine(ws)
    try:
        with slots.taken(ws, Slot.SEARCH):
            run(ws, dataset_id, engine.embed)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    finally:
        engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
