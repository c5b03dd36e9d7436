"""The data sets of lessons: made where they are not there, and shared by all that want them."""

from core import datasets, files
from core.errors import UserError
from core.images import sample
from core.ingest import requests
from core.ingest.progress import stopped
from core.lessons.variants import VARIANTS
from core.records import IngestStage
from core.records.imports import Options
from core.records.lessons import LessonSide
from core.words import Message, say
from core.workspace import Workspace

_OVER = (IngestStage.FAILED, IngestStage.STOPPED)
TITLES = {
    "sample": say("Sample"),
    "few": say("Lesson: a few pictures"),
    "carded": say("Lesson: old photographs"),
    "animals": say("Lesson: animals"),
}


def of_side(ws: Workspace, side: LessonSide, name: str) -> str:
    """Give the id of a side's data set, which may still be read; begin to read it where need be.

    ``name``: what to call it, in the reader's language.
    """
    noted = ws.lessons / "data" / f"{side.data}-{side.data_seed}.txt"
    if noted.exists():
        dataset_id = noted.read_text(encoding="utf-8")
        if ws.dataset(dataset_id).record.exists() or _is_read(ws, dataset_id):
            return dataset_id
    dataset_id = requests.begin(ws, name)
    folder = sample.FILE if side.data == "sample" else ws.ingest(dataset_id).path / "drawn"
    if side.data != "sample":
        VARIANTS[side.data](folder)
    options = Options(seed=side.data_seed)
    requests.start(ws, dataset_id, folder, name, options=options, watched=False)
    noted.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(noted, dataset_id)
    return dataset_id


def _is_read(ws: Workspace, dataset_id: str) -> bool:
    """Tell whether a data set is being read; where that has failed, it is tried anew."""
    is_begun = ws.ingest(dataset_id).path.exists()
    return is_begun and requests.state(ws, dataset_id).stage not in _OVER


def is_there(ws: Workspace, dataset_id: str) -> bool:
    """Tell whether a data set has been read.

    Raises `UserError` where that has failed, or it was deleted.
    """
    is_begun = ws.ingest(dataset_id).path.exists()  # first: the data set is there before this goes
    if dataset_id in datasets.ids(ws):
        return True
    if not is_begun:
        raise _deleted()
    state = requests.state(ws, dataset_id)
    if state.stage in _OVER:
        raise UserError.of(state.error) if state.error else stopped()
    return False


def _deleted() -> UserError:
    return UserError(
        say("The pictures of this lesson were deleted before it trained."),
        expected=say("They stay until the lesson is over."),
        mend=say("Begin the lesson again."),
    )


def title(side: LessonSide) -> Message:
    """Say what a data set of a lesson is called."""
    return TITLES[side.data]
