"""Frames of a camera: answered in turn, one of a viewer at a time, and what is refused."""

import asyncio
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from core import runs
from core.records import Prediction, Score
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.web import access, live, routes
from core.workspace import Workspace
from tests import builders, numbered

FAKE = (sys.executable, str(Path(__file__).parents[2] / "fake_engine.py"))
KEY = "a key"


class Gated(Engine):
    """Answers nothing before it may, and notes what it was asked."""

    def __init__(self, ws: Workspace) -> None:
        super().__init__(ws)
        self.may, self.asked = threading.Event(), list[str]()

    def predict(
        self, run_id: str, images: Sequence[Path], *, stored: bool = False
    ) -> tuple[Prediction, ...]:
        self.asked.append(run_id)
        assert self.may.wait(20)
        return (Prediction(file="", label="cat", scores=(Score(label="cat", probability=1.0),)),)


@pytest.fixture
def engine(ws: Workspace) -> Iterator[Engine]:
    engine = Engine(ws, EngineProcess("serve", ws, FAKE))
    yield engine
    engine.close()


def app(engine: Engine, language: str = "en") -> Starlette:
    route = live.LiveRoute(KEY, lambda request: engine, language=lambda _: language)
    return Starlette(routes=[Route("/live", route.answer, methods=["POST"])])


def frame(side: int = 32) -> bytes:
    out = BytesIO()
    Image.new("RGB", (side, 32), "red").save(out, "JPEG")
    return out.getvalue()


def ticket(run_id: str, viewer: str = "me", key: str = KEY) -> dict[str, str]:
    return {"x-live-ticket": live.permit(run_id, viewer, key)}


async def send(app: Starlette, run_id: str, viewer: str) -> int:
    """Give the status of the answer to a frame."""
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": frame(), "more_body": False}

    async def note(message) -> None:
        sent.append(message)

    headers = [(name.encode(), value.encode()) for name, value in ticket(run_id, viewer).items()]
    scope = {"type": "http", "method": "POST", "path": "/live", "query_string": b""}
    await app({**scope, "headers": headers}, receive, note)
    return int(str(sent[0]["status"]))


def test_a_frame_is_answered_with_what_is_drawn_of_it(ws, engine):
    run_id = builders.make_run(ws)

    answer = TestClient(app(engine)).post("/live", content=frame(), headers=ticket(run_id))

    assert answer.json() == {
        "label": "cat",
        "unknown": False,
        "bars": [
            {"label": "cat", "share": 0.75, "text": "75%"},
            {"label": "dog", "share": 0.25, "text": "25%"},
        ],
    }
    assert answer.headers["cache-control"] == "no-store"


def test_the_five_likeliest_classes_are_sent_with_their_shares_in_the_words_of_the_tile():
    scores = tuple(Score(label=f"{i}", probability=p) for i, p in enumerate((0.9997, 0.0003, 0.0)))

    sent = live.as_shown(
        Prediction(file="", label="0", scores=(*scores, *scores), unknown=True), "zh_CN"
    )

    wanted = ["超过 99%", "不到 1%", "0%", "超过 99%", "不到 1%"]
    assert [bar["text"] for bar in sent["bars"]] == wanted
    assert sent["unknown"] is True


def test_a_number_is_sent_with_its_unit_and_no_range_around_a_guess():
    target = replace(numbered.TARGET, half_range=5.0)
    near, far = (Prediction(file="", number=x, low=x - 5, high=x + 5) for x in (31.2567, 150.0))

    sent = [live.as_shown(one, "en", target)["label"] for one in (near, far)]

    assert sent == ["31.3 mm (26.3 to 36.3 mm)", "150.0 mm, beyond what it learned"]


@pytest.mark.parametrize(
    ("given", "status"),
    [("none", 403), ("forged", 403), ("upload", 403), ("large", 413), ("png", 415), ("wide", 413)],
)
def test_what_may_not_be_sent_is_refused(ws, given, status):
    engine, headers, body = Gated(ws), ticket("run-1"), frame()
    if given == "none":
        headers = {}
    if given == "forged":
        headers = ticket("run-1", key="another key")
    if given == "upload":
        headers = {"x-live-ticket": access.sign("default", KEY)}
    if given == "large":
        body += b"0" * live.MOST_BYTES
    if given == "png":
        body = b"\x89PNG\r\n\x1a\n"
    if given == "wide":
        body = frame(live.MOST_SIDE + 1)

    answer = TestClient(app(engine)).post("/live", content=body, headers=headers)

    assert answer.status_code == status
    assert not engine.asked


def test_one_viewer_has_one_frame_on_its_way_and_others_wait_their_turn(ws):
    engine = Gated(ws)

    async def crowd() -> list[int]:
        waiting = [asyncio.create_task(send(app_, f"run-{who}", who)) for who in "abc"]
        while not engine.asked:
            await asyncio.sleep(0)
        refused = await send(app_, "run-a", "a")
        engine.may.set()
        taken = await asyncio.gather(*waiting)
        return [refused, *taken, await send(app_, "run-a", "a")]

    app_ = app(engine)
    assert asyncio.run(crowd()) == [429, 200, 200, 200, 200]
    assert engine.asked == ["run-a", "run-b", "run-c", "run-a"], "in the order in which they came"


def test_the_model_is_let_go_when_nobody_has_looked_for_a_while(ws, monkeypatch):
    engine, closed = Gated(ws), threading.Event()
    monkeypatch.setattr(live, "SECONDS_IDLE", 0.01)
    monkeypatch.setattr(engine, "close", closed.set)
    engine.may.set()

    async def look() -> None:
        assert await send(app(engine), "run-a", "me") == 200
        while not closed.is_set():
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(look(), 20))


def test_a_model_that_is_gone_is_said_in_the_language_of_the_page(ws, engine):
    run_id = builders.make_run(ws)
    runs.delete(ws, run_id)

    answer = TestClient(app(engine, "zh_CN")).post("/live", content=frame(), headers=ticket(run_id))

    assert answer.status_code == 404
    assert run_id in answer.json()["sentences"]
    assert "。" in answer.json()["sentences"]


def test_the_app_takes_frames_by_post_alone(ws):
    client = TestClient(Starlette(routes=routes.build(ws.root)))

    assert client.get("/api/live").status_code == 405
    assert client.post("/api/live", content=frame()).status_code == 403
