"""Routes: what they send, and what they refuse."""

import asyncio
import csv
import io
import json
import struct
import zipfile
from collections.abc import Awaitable, Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from core import files
from core.records import FileReport, Phase, State, StripEpoch, StripPictures, Verdict
from core.web import access, receiving, routes, uploads
from core.words import say
from core.workspace import Workspace
from tests import builders


@pytest.fixture
def client(ws: Workspace) -> TestClient:
    return TestClient(Starlette(routes=routes.build(ws.root)))


def ticket(ws: Workspace) -> dict[str, str]:
    ws.ingest("in-1").incoming.mkdir(parents=True)
    return {"x-upload-ticket": uploads.ticket("in-1", access.secret(ws.root))}


def body(name: str, data: bytes) -> bytes:
    manifest = json.dumps([[0, name, len(data), 0, len(data)]]).encode()
    return struct.pack(">I", len(manifest)) + manifest + data


def test_an_upload_with_a_ticket_is_stored(ws, client):
    answer = client.post("/api/upload", content=body("cat/1.jpg", b"x"), headers=ticket(ws))

    assert answer.json() == {"received": 1}
    assert [row.file for row in uploads.received(ws.ingest("in-1").incoming)] == ["cat/1.jpg"]


def test_an_upload_without_a_ticket_is_refused(ws, client):
    assert client.post("/api/upload", content=body("cat/1.jpg", b"x")).status_code == 403
    assert client.get("/api/upload").status_code == 405


Receive = Callable[[], Awaitable[dict[str, object]]]


async def send_upload(app: Starlette, headers: dict[str, str], receive: Receive) -> int:
    """Give the status of an upload whose body comes as ``receive`` says."""
    sent: list[dict[str, object]] = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/upload",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)
    return int(str(sent[0]["status"]))


@pytest.mark.parametrize(
    ("given", "status"), [("none", 403), ("forged", 403), ("ended", 410), ("large", 413)]
)
def test_what_may_not_be_sent_is_not_even_read(ws, client, given, status):
    headers = ticket(ws)
    if given == "ended":
        headers["x-upload-ticket"] = uploads.ticket("in-2", access.secret(ws.root))
    if given == "large":
        headers["content-length"] = str(uploads.MAX_BODY_BYTES + 1)
    if given in ("none", "forged"):
        headers = {"x-upload-ticket": "nonsense"} if given == "forged" else {}

    async def never() -> dict[str, object]:
        raise AssertionError("nothing may be read")

    assert asyncio.run(send_upload(client.app, headers, never)) == status


def test_one_ticket_holds_only_a_few_connections(ws, client):
    headers = ticket(ws)

    async def crowd() -> list[int]:
        done = asyncio.Event()

        async def late() -> dict[str, object]:
            await done.wait()
            return {"type": "http.request", "body": body("a.jpg", b"x"), "more_body": False}

        sending = [
            asyncio.create_task(send_upload(client.app, headers, late))
            for _ in range(receiving.MOST_OF_ONE)
        ]
        await asyncio.sleep(0.02)
        refused = await send_upload(client.app, headers, late)
        done.set()
        taken = await asyncio.gather(*sending)
        return [refused, *taken, await send_upload(client.app, headers, late)]

    assert asyncio.run(crowd()) == [503] + [200] * (receiving.MOST_OF_ONE + 1)


def test_a_body_that_stops_coming_is_given_up(ws):
    gate = receiving.Gate(key=access.secret(ws.root), seconds_still=0.01)
    given = ticket(ws)["x-upload-ticket"]

    async def still() -> dict[str, object]:
        await asyncio.sleep(60)
        return {}

    request = Request({"type": "http", "method": "POST", "headers": []}, still)
    with pytest.raises(uploads.RefusedError, match="does not arrive"):
        asyncio.run(gate.body(ws, request, given))


def test_many_uploads_wait_for_a_place_and_all_arrive(ws, client):
    num = receiving.MOST_AT_ONCE + 8
    headers = []
    for number in range(num):
        ws.ingest(f"in-{number}").incoming.mkdir(parents=True)
        given = uploads.ticket(f"in-{number}", access.secret(ws.root))
        headers.append({"x-upload-ticket": given})
    reading = [0, 0]  # now, and at most

    async def slow() -> dict[str, object]:
        reading[0] += 1
        reading[1] = max(reading)
        await asyncio.sleep(0.005)
        reading[0] -= 1
        return {"type": "http.request", "body": body("a.jpg", b"x"), "more_body": False}

    async def crowd() -> list[int]:
        return await asyncio.gather(*(send_upload(client.app, head, slow) for head in headers))

    assert asyncio.run(crowd()) == [200] * num
    assert reading[1] == receiving.MOST_AT_ONCE


def test_a_body_that_is_too_large_is_cut_off(ws, client):
    def endless():
        for _ in range(uploads.MAX_BODY_BYTES // 2**20 + 2):
            yield bytes(2**20)

    answer = client.post("/api/upload", content=endless(), headers=ticket(ws))

    assert answer.status_code == 413


def test_metrics_come_as_they_grow(ws, client):
    run_id = builders.make_run(ws, state=State.RUNNING, num_epochs=2)
    first = client.get(f"/api/runs/{run_id}/metrics").json()
    files.append_record(ws.run(run_id).metrics, builders.epoch_metrics(3))
    with ws.run(run_id).metrics.open("ab") as file:
        file.write(b'{"epoch": 4, "lo')  # still being written

    second = client.get(f"/api/runs/{run_id}/metrics?after={first['next']}").json()
    third = client.get(f"/api/runs/{run_id}/metrics?after={second['next']}").json()

    assert [row["epoch"] for row in first["rows"]] == [1, 2]
    assert [row["epoch"] for row in second["rows"]] == [3]
    assert third["rows"] == []
    assert third["next"] == second["next"]
    assert first["state"] == "running"


def test_the_names_of_the_followed_pictures_come_as_they_grow(ws, client):
    run_id = builders.make_run(ws, state=State.RUNNING)
    before = client.get(f"/api/runs/{run_id}/strip").json()
    pictures = StripPictures(contents=("x",), labels=(1,), classes=("a", "b"))
    epoch = StripEpoch(phase=Phase.HEAD, epoch=1, named=(0,))
    files.write_records(ws.run(run_id).strip, [pictures, epoch])

    first = client.get(f"/api/runs/{run_id}/strip?after={before['next']}").json()
    second = client.get(f"/api/runs/{run_id}/strip?after={first['next']}").json()

    assert before["rows"] == second["rows"] == []
    assert first["rows"][0]["contents"] == ["x"]
    assert (first["rows"][1]["epoch"], first["rows"][1]["named"]) == (1, [0])
    assert first["state"] == "running"


def test_metrics_that_were_written_anew_are_sent_from_the_start(ws, client):
    run_id = builders.make_run(ws, num_epochs=3)

    answer = client.get(f"/api/runs/{run_id}/metrics?after=999999").json()

    assert [row["epoch"] for row in answer["rows"]] == [1, 2, 3]


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40, "1.5", "٣"])
def test_an_odd_position_is_taken_for_the_start_or_answered(ws, client, after):
    run_id = builders.make_run(ws, num_epochs=1)

    assert client.get(f"/api/runs/{run_id}/metrics?after={after}").status_code == 200


@pytest.mark.parametrize("asked", ["", "?format=bundle", "?format=keras-zip"])
def test_a_bundle_is_sent_once_it_was_made_and_tried(ws: Workspace, client, asked: str):
    run_id = builders.make_run(ws)
    path = f"/api/runs/{run_id}/export{asked}"

    before = client.get(path)
    builders.put_export(ws, run_id, "bundle")
    answer = client.get(path)

    assert before.status_code == 404
    assert "was not made of this run yet" in before.json()["error"]["what"]
    assert (answer.status_code, answer.content) == (200, b"a model")
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/runs/nothing/metrics",
        "/api/runs/nothing/strip",
        "/api/runs/nothing/export",
        "/api/runs/nothing/code",
        "/api/runs/nothing/report",
        "/api/runs/..%2f..%2fetc/metrics",
        "/api/datasets/nothing/report.csv",
        "/api/thumbnail/nothing/" + "0" * 32,
        "/api/thumbnail/..%2f../" + "0" * 32,
        "/api/image/nothing/" + "0" * 32,
        "/api/image/nothing/" + "*" * 32,
    ],
)
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_missing_run_is_explained_in_the_readers_language(client):
    answer = client.get("/api/runs/nothing/metrics")

    assert "nothing" in answer.json()["error"]["what"]


def test_a_report_may_load_and_run_nothing(ws, client):
    builders.make_dataset(ws)

    answer = client.get(f"/api/runs/{builders.make_run(ws)}/report")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("default-src 'none';")
    assert "7 of 8 images right" in answer.text


def test_a_thumbnail_is_a_small_jpeg_that_browsers_keep(ws, client):
    dataset = builders.make_dataset(ws)
    content = f"{0:016x}{0:016x}"

    answer = client.get(f"/api/thumbnail/{dataset.id}/{content}")

    assert answer.headers["content-type"] == "image/jpeg"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content[:2] == b"\xff\xd8"


def test_a_whole_image_is_sent_as_it_is_kept(ws, client):
    dataset = builders.make_dataset(ws)
    content = f"{0:016x}{0:016x}"

    answer = client.get(f"/api/image/{dataset.id}/{content}")

    copy = ws.dataset(dataset.id).images / "00" / f"{content}.png"
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == copy.read_bytes()


def test_the_report_is_a_table_without_formulas(ws, client):
    dataset = builders.make_dataset(ws)
    rows = [
        FileReport(
            file="=cmd|' /C calc'!A0", verdict=Verdict.REFUSED, reason=say("It is no image.")
        ),
        FileReport(file="@a,\n.jpg", verdict=Verdict.ACCEPTED, label="+1", content="0" * 32),
    ]
    files.write_records(ws.dataset(dataset.id).report, rows)

    answer = client.get(f"/api/datasets/{dataset.id}/report.csv")

    table = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert table[1] == ["'=cmd|' /C calc'!A0", "", "refused", "It is no image.", ""]
    assert table[2][:2] == ["'@a,\n.jpg", "'+1"]
    assert "attachment" in answer.headers["content-disposition"]


def test_the_chart_library_comes_from_the_installed_package(client):
    answer = client.get("/assets/plotly.min.js")

    assert answer.headers["content-type"].startswith("text/javascript")
    assert "plotly.js" in answer.text[:500]


def test_routes_lie_below_the_path_the_app_is_served_at(ws):
    client = TestClient(Starlette(routes=routes.build(ws.root, base="/school/thaw/")))
    run_id = builders.make_run(ws)

    assert client.get(f"/school/thaw/api/runs/{run_id}/metrics").status_code == 200
    assert client.get(f"/api/runs/{run_id}/metrics").status_code == 404


def test_a_whole_run_is_sent_and_nothing_of_it_stays(client, ws):
    run_id = builders.make_run(ws)

    answer = client.get(f"/api/runs/{run_id}/run.zip")

    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert f"runs/{run_id}/model.keras" in names
    assert f'filename="thaw-run-{run_id}.zip"' in answer.headers["content-disposition"]
    assert client.get("/api/runs/none/run.zip").status_code == 404
    assert list(ws.staged_runs.iterdir()) == []
