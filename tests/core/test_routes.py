"""Routes: what they send, and what they refuse."""

import csv
import io
import json
import struct

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import access, files, routes, uploads
from core.records import FileReport, State, Verdict
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


def test_metrics_that_were_written_anew_are_sent_from_the_start(ws, client):
    run_id = builders.make_run(ws, num_epochs=3)

    answer = client.get(f"/api/runs/{run_id}/metrics?after=999999").json()

    assert [row["epoch"] for row in answer["rows"]] == [1, 2, 3]


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40, "1.5", "٣"])
def test_an_odd_position_is_taken_for_the_start_or_answered(ws, client, after):
    run_id = builders.make_run(ws, num_epochs=1)

    assert client.get(f"/api/runs/{run_id}/metrics?after={after}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/runs/nothing/metrics",
        "/api/runs/nothing/export",
        "/api/runs/..%2f..%2fetc/metrics",
        "/api/datasets/nothing/report.csv",
        "/api/thumbnail/nothing/" + "0" * 32,
        "/api/thumbnail/..%2f../" + "0" * 32,
    ],
)
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_missing_run_is_explained_in_the_readers_language(client):
    answer = client.get("/api/runs/nothing/metrics")

    assert "nothing" in answer.json()["error"]["what"]


def test_a_thumbnail_is_a_small_jpeg_that_browsers_keep(ws, client):
    dataset = builders.make_dataset(ws)
    content = f"{0:016x}{0:016x}"

    answer = client.get(f"/api/thumbnail/{dataset.id}/{content}")

    assert answer.headers["content-type"] == "image/jpeg"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content[:2] == b"\xff\xd8"


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
