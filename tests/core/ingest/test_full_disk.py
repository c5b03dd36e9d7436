"""An ingest whose disk is full, or whose N-th write fails: a sentence, and nothing half-made."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from core import datasets
from core.errors import UserError
from core.images import pixels
from core.ingest import requests
from core.records import Dataset, IngestStage
from core.records.imports import Options
from core.workspace import Workspace
from tests import disks
from tests.core.ingest.folders import ingest, many, put

ROOT = Path(__file__).parents[3]

FAULTY = """
    import errno, os, sys
    from pathlib import Path
    from core.errors import UserError
    from core.ingest import requests
    from core.records.imports import Options
    from core.workspace import Workspace

    root, source, dataset_id, first, last = sys.argv[1:]
    writes, failed, writing = [], [], os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def fail(event, values):
        if event not in ("open", "os.mkdir", "os.rename") or not str(values[0]).startswith(root):
            return
        if event != "open" or values[2] & writing:
            writes.append(event)
            if int(first) <= len(writes) <= int(last):
                failed.append(event)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    sys.addaudithook(fail)
    ws, options = Workspace(Path(root)), Options(dataset_id=dataset_id)
    try:
        requests.run(ws, requests.begin(ws), source=Path(source), options=options)
    except UserError as error:
        print(error)
    else:
        print("done")
    print(len(failed))
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Workspace]:
    with disks.small(tmp_path / "disk") as folder:
        yield Workspace(folder / "workspace")


def check_whole(ws: Workspace, dataset: Dataset) -> None:
    """Every image that is listed can be read."""
    images = datasets.images(ws, dataset.id, dataset.version)
    assert len(images) == dataset.num_images
    for image in images:
        pixels.read_copy(datasets.image_path(ws, dataset.id, image), 32)


def nothing_under_way(ws: Workspace) -> bool:
    """Tell that no ingest is said to read, and that none has left anything half-made."""
    stages = {requests.state(ws, ingest_id).stage for ingest_id in requests.open_ingests(ws)}
    return stages <= {IngestStage.RECEIVING} and not list(ws.staging.glob("*/dataset"))


@pytest.mark.parametrize(
    ("free", "adding"),
    [
        *((0, False), (60_000, True)),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in product((0, 8_192, 60_000, 200_000), (False, True))
            if case not in ((0, False), (60_000, True))
        ),
    ],
)
def test_on_a_full_disk_nothing_is_lost_and_it_goes_through_when_there_is_room(
    disk: Workspace, tmp_path: Path, free: int, adding: bool
) -> None:
    old = ingest(disk, put(tmp_path / "old", *many("a", 4), *many("b", 4)))
    more = put(tmp_path / "more", *many("a", 25), *many("b", 25), first=100)
    options = Options(dataset_id=old.id if adding else "")

    with (
        disks.filled(disk.root.parent, leave=free),
        pytest.raises(UserError, match=r"The disk is full\. .* Free some room"),
    ):
        ingest(disk, more, options)

    assert datasets.all_datasets(disk) == [old]
    check_whole(disk, old)
    assert nothing_under_way(disk)
    new = ingest(disk, more, options)
    assert new.num_images == 58 if adding else 50
    check_whole(disk, new)


def faulty(ws: Workspace, source: Path, dataset_id: str, first: int, last: int) -> list[str]:
    """Ingest where the system denies some writes; give what is said, and how many failed."""
    place = [str(ws.root), str(source), dataset_id, str(first), str(last)]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FAULTY), *place],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def fail_at(ws: Workspace, tmp_path: Path, first: int, last: int, *, adding: bool) -> bool:
    """Fail from one write to another, check what there is then, and try again; tell if any did."""
    old = ingest(ws, put(tmp_path / "old", "a/1.png", "b/1.png"))
    source = put(tmp_path / "new", "a/2.png", "b/2.png", first=10)
    added = old.id if adding else ""

    said, failed = faulty(ws, source, added, first, last)

    found = datasets.all_datasets(ws)
    for dataset in found:
        check_whole(ws, dataset)
    assert nothing_under_way(ws)
    if said != "done":
        assert said.startswith("The disk is full.")
        assert found == [old]
        assert faulty(ws, source, added, 0, 0) == ["done", "0"]
    newest = datasets.all_datasets(ws)[0]
    assert newest.num_images == (4 if adding else 2)
    assert len(datasets.report(ws, newest.id)) == newest.num_images
    return failed != "0"


@pytest.mark.parametrize(("first", "adding"), [(9, False), (24, True)])
def test_a_write_that_fails_leaves_nothing_half_made(
    ws: Workspace, tmp_path: Path, first: int, adding: bool
) -> None:
    assert fail_at(ws, tmp_path, first, 1000, adding=adding)


@pytest.mark.slow
@pytest.mark.parametrize("adding", [False, True])
@pytest.mark.parametrize("lasting", [False, True])
def test_whichever_write_fails_nothing_is_half_made(
    tmp_path: Path, lasting: bool, adding: bool
) -> None:
    for place in range(1, 200):
        folder = tmp_path / str(place)
        last = 1000 if lasting else place
        if not fail_at(Workspace(folder / "ws"), folder, place, last, adding=adding):
            break

    assert 20 < place < 199
