"""What a pupil may take, at its edges; the teacher and one person alone take what there is."""

import asyncio
import json
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from core import datasets, files, runs, studies
from core.classroom import handing, people, quotas
from core.classroom.folder import SWITCH, ClassFolder, folder_in
from core.errors import UserError
from core.ingest import requests
from core.models import presets
from core.records import State, TrainConfig
from core.records.classroom import Quota
from core.records.imports import Options
from core.records.studies import StudyKind
from core.studies import ladder
from core.web import access, receiving, routes, uploads
from core.workspace import Workspace
from tests.builders import make_dataset, write_folder

CONFIG = TrainConfig(dataset_id="d")


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


@pytest.fixture
def ada(room: ClassFolder) -> Workspace:
    return room.workspace(people.join(room, "Ada").id)


def allow(room: ClassFolder, **values: float) -> None:
    """Set as the teacher does what everybody may take."""
    given = {"free_gigabytes": 0.0, **values}
    known = people.settings(room)
    files.write_record(room.settings, replace(known, quota=Quota(**given)))


def test_a_class_begins_with_these_quotas_and_a_file_of_old_has_them(room, ada):
    assert quotas.quota_of(ada) == Quota(
        gigabytes=5, datasets=20, images=20_000, queued=2, free_gigabytes=2
    )
    room.settings.write_text('{"join_code": "ABCD-EFGH"}')
    assert quotas.quota_of(ada) == Quota()


def test_the_teacher_and_one_person_alone_have_no_limit(room, ws, ada):
    allow(room, gigabytes=0, datasets=0, images=0, queued=0, free_gigabytes=1e9)

    quotas.check_room(ws, 10**15)
    quotas.check_another_dataset(ws)
    quotas.check_images(ws, 10**9)
    for _ in range(5):
        runs.create(ws, CONFIG)
    assert quotas.num_left(ws) is None


def test_two_wait_and_one_runs_and_the_fourth_is_refused(room, ada, keep_alive):
    allow(room)
    first, *_ = [runs.create(ada, CONFIG) for _ in range(3)]

    with pytest.raises(UserError, match=r"3 trainings of yours wait or run\. .* 3 at a time"):
        runs.create(ada, CONFIG)
    runs.set_state(ada, first, State.DONE)
    runs.create(ada, CONFIG)

    assert len(runs.ids(ada)) == 4


def test_a_study_counts_once_and_going_on_with_it_not_again(room, ada):
    allow(room)
    dataset = make_dataset(ada)
    base = presets.configure(dataset.id, preset="quick", num_train=12, side=48)
    study = studies.create(ada, StudyKind.LADDER, ladder.plan(base, 12, rungs=2))
    runs.create(ada, CONFIG)
    runs.create(ada, CONFIG)

    studies.go_on(ada, study)
    with pytest.raises(UserError, match="wait or run"):
        studies.create(ada, StudyKind.LADDER, ladder.plan(base, 12, rungs=2))


def test_a_run_that_failed_waits_again_only_where_there_is_room(room, ada):
    allow(room, queued=0)
    failed = runs.create(ada, CONFIG)
    runs.set_state(ada, failed, State.FAILED)
    runs.create(ada, CONFIG)

    with pytest.raises(UserError, match="1 training of yours waits or runs"):
        runs.requeue(ada, failed)


def test_the_last_data_set_that_may_be_is_made_and_the_next_refused(room, ada, ws, tmp_path):
    allow(room, datasets=2)
    make_dataset(ada)
    handing.hand_out(room, make_dataset(ws).id)  # counts for nobody
    folder = write_folder(tmp_path / "photos", num=4)

    made = ingest(ada, folder)
    before = list(ada.staging.iterdir())
    with pytest.raises(UserError, match=r"You have 2 data sets\. .* room for 2"):
        ingest(ada, folder)
    assert list(ada.staging.iterdir()) == before  # what was sent for it takes no room
    datasets.delete(ada, made)
    ingest(ada, folder)


def test_images_are_added_to_a_data_set_where_no_other_may_be_made(room, ada, tmp_path):
    allow(room, datasets=1, images=12)
    made = ingest(ada, write_folder(tmp_path / "first", num=4))

    more = write_folder(tmp_path / "more", num=2, classes=("blue", "green"))
    added = ingest(ada, more, options=Options(dataset_id=made))
    with pytest.raises(UserError, match=r"would have 1\d images\. In this class .* 12 at most"):
        ingest(ada, more, options=Options(dataset_id=made))

    assert datasets.latest(ada, added).num_images <= 12


def test_a_data_set_has_as_many_images_as_it_may_and_not_one_more(room, ada, tmp_path):
    allow(room, images=8)
    ingest(ada, write_folder(tmp_path / "eight", num=4))

    with pytest.raises(UserError, match="would have 10 images"):
        ingest(ada, write_folder(tmp_path / "ten", num=5))
    assert len(datasets.ids(ada)) == 1


def test_what_was_handed_out_takes_no_room_and_the_trash_does(room, ada, ws):
    handed = make_dataset(ws)
    handing.hand_out(room, handed.id)
    empty = quotas.used(ada)
    assert empty < 10_000  # the little files alone
    (ada.dataset(handed.id).images / "added.png").write_bytes(b"x" * 5_000)
    (ada.dataset(handed.id).path / "versions").mkdir()  # as adding images does
    assert quotas.used(ada) == empty + 5_000
    empty = quotas.used(ada)

    dataset = make_dataset(ada, name="mine")
    took = quotas.used(ada) - empty
    assert took > 10_000
    datasets.delete(ada, dataset.id)
    assert quotas.used(ada) - empty == took


def test_an_import_that_would_take_too_much_leaves_nothing(room, ada, tmp_path):
    folder = write_folder(tmp_path / "photos", num=6)
    size = sum(path.stat().st_size for path in folder.rglob("*.png"))
    allow(room, gigabytes=size / 2 / 1e9)

    with pytest.raises(UserError, match=r"Your work takes .* empty the trash"):
        ingest(ada, folder)

    assert not datasets.ids(ada)
    assert quotas.used(ada) < size / 2


def test_where_the_disk_is_short_nothing_new_is_begun(room, ada):
    allow(room, free_gigabytes=1e6)

    for begin in (lambda: runs.create(ada, CONFIG), lambda: requests.begin(ada)):
        with pytest.raises(UserError, match="stay free for everybody"):
            begin()


def test_an_upload_ends_at_the_last_byte_there_is_room_for(room, ada, ws, monkeypatch):
    monkeypatch.setenv(SWITCH, "1")
    key = access.secret(ws.root)
    ingest_id = requests.begin(ada)
    allow(room, gigabytes=(quotas.used(ada) + 3_000) / 1e9)
    cookies = {access.PERSON_COOKIE: access.sign_person(ada.root.name, key)}
    browser = TestClient(Starlette(routes=routes.build(ws.root)), cookies=cookies)
    ticket = {"x-upload-ticket": uploads.ticket(ingest_id, key)}

    answers = [
        browser.post("/api/upload", content=body(number, size), headers=ticket)
        for number, size in enumerate((1_000, 2_000, 100))
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 400]
    assert "empty the trash" in answers[2].json()["error"]


def test_one_pupil_holds_only_a_few_of_the_places_for_uploads_whatever_the_tickets(room, ada, ws):
    key = access.secret(ws.root)
    gate = receiving.Gate(key=key)
    ben = room.workspace(people.join(room, "Ben").id)
    tickets = [uploads.ticket(requests.begin(ada), key) for _ in range(receiving.MOST_OF_ONE + 1)]
    his = uploads.ticket(requests.begin(ben), key)

    async def crowd() -> list[str]:
        done = asyncio.Event()

        async def late() -> dict[str, object]:
            await done.wait()
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def send(pupil: Workspace, ticket: str) -> str:
            request = Request({"type": "http", "method": "POST", "headers": []}, late)
            try:
                return (await gate.body(pupil, request, ticket)).decode()
            except uploads.RefusedError as error:
                return str(error.status)

        sending = [asyncio.create_task(send(ada, ticket)) for ticket in tickets]
        sending.append(asyncio.create_task(send(ben, his)))
        await asyncio.sleep(0.02)
        done.set()
        return await asyncio.gather(*sending)

    assert asyncio.run(crowd()) == ["x"] * receiving.MOST_OF_ONE + ["503", "x"]


def test_a_quota_that_the_teacher_changes_is_felt_at_once(room, ada):
    allow(room, queued=0)
    runs.create(ada, CONFIG)
    with pytest.raises(UserError):
        runs.create(ada, CONFIG)

    allow(room, queued=1)

    assert runs.create(ada, CONFIG)


def ingest(ws: Workspace, folder: Path, options: Options | None = None) -> str:
    ingest_id = requests.begin(ws, "photos")
    return requests.run(ws, ingest_id, source=folder, options=options).id


def body(number: int, size: int) -> bytes:
    manifest = json.dumps([[number, f"cat/{number}.jpg", size, 0, size]]).encode()
    return struct.pack(">I", len(manifest)) + manifest + b"x" * size
