"""Frames of a camera as they arrive: each answered in its turn, one of a viewer at a time."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core import words
from core.errors import UserError
from core.judging import shares
from core.judging.numbers import answering
from core.records import LearnedTarget, Prediction
from core.runs.inference import Engine
from core.web import receiving
from core.web.uploads import RefusedError

MOST_BYTES = 2**20  # of a frame; the page sends about 60 kB
MOST_SIDE = 2048  # pixels: what looks small may be large once it is decoded
MOST_VIEWERS = 24  # whose frames may wait at once
SECONDS_STILL = 5.0  # without a byte
SECONDS_TO_WAIT = 15.0  # for its turn
SECONDS_IDLE = 60.0  # after the last frame: then the model is let go
HOURS_VALID = 12
MOST_BARS = 5
_NEVER = {"cache-control": "no-store"}


def permit(run_id: str, viewer: str, key: str) -> str:
    """Make the permission of one viewer to show frames to a run's model, for some hours."""
    return str(_serializer(key).dumps([run_id, viewer]))


@dataclass(slots=True)
class LiveRoute:
    """Takes frames to a serving process of its own, so that nothing that takes long is before them.

    One per server; ``engine`` gives that of whoever asks, and raises PermissionError for strangers.
    Frames wait for their turn in the order in which they came, without a thread,
    and of a viewer there is one: nobody's frames pile up.
    """

    key: str
    engine: Callable[[Request], Engine]
    language: Callable[[Request], str]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _viewers: set[str] = field(default_factory=set)
    _idle: dict[Engine, asyncio.TimerHandle] = field(default_factory=dict)

    async def answer(self, request: Request) -> Response:
        """Answer a frame; nothing of it is read before its ticket was looked at."""
        try:
            engine = self.engine(request)
            run_id, viewer = self._admitted(request)
            with self._alone(viewer):
                body = await receiving.read(
                    request, most_bytes=MOST_BYTES, seconds_still=SECONDS_STILL
                )
                said = await self._in_turn(engine, run_id, body)
        except (RefusedError, PermissionError) as error:
            return JSONResponse({"error": str(error)}, getattr(error, "status", 403), _NEVER)
        except UserError as error:
            sentences = error.render(self.language(request)).values()
            text = words.join(sentences, self.language(request))
            return JSONResponse({"sentences": text}, 404, _NEVER)
        target = engine.target(run_id) if said.number is not None else None
        shown = as_shown(said, self.language(request), target)
        return JSONResponse(shown, headers=_NEVER)

    def _admitted(self, request: Request) -> tuple[str, str]:
        try:
            given = request.headers.get("x-live-ticket", "")
            run_id, viewer = _serializer(self.key).loads(given, max_age=HOURS_VALID * 3600)
        except BadSignature:
            raise RefusedError(403, "the ticket is missing, forged or too old") from None
        return str(run_id), str(viewer)

    @contextmanager
    def _alone(self, viewer: str) -> Iterator[None]:
        if viewer in self._viewers:
            raise RefusedError(429, "the frame before this one has no answer yet")
        if len(self._viewers) >= MOST_VIEWERS:
            raise RefusedError(503, "too many viewers at once")
        self._viewers.add(viewer)
        try:
            yield
        finally:
            self._viewers.discard(viewer)

    async def _in_turn(self, engine: Engine, run_id: str, frame: bytes) -> Prediction:
        try:
            async with asyncio.timeout(SECONDS_TO_WAIT):
                await self._turn.acquire()
        except TimeoutError:
            raise RefusedError(503, "too many frames at once") from None
        try:
            return await run_in_threadpool(_ask, engine, run_id, frame)
        finally:
            self._turn.release()
            self._let_go_later(engine)

    def _let_go_later(self, engine: Engine) -> None:
        """End the serving process once nobody has shown it anything for a while."""
        loop = asyncio.get_running_loop()
        if (timer := self._idle.get(engine)) is not None:
            timer.cancel()
        self._idle[engine] = loop.call_later(
            SECONDS_IDLE, lambda: loop.run_in_executor(None, engine.close)
        )


def _ask(engine: Engine, run_id: str, frame: bytes) -> Prediction:
    """Ask about a frame as about a file: it becomes one."""
    _check_picture(frame)
    with tempfile.TemporaryDirectory(prefix="thaw-live-") as folder:
        path = Path(folder) / "frame.jpg"
        path.write_bytes(frame)
        said = engine.predict(run_id, [path])[0]
    if said.problem is not None:
        raise UserError.of(said.problem)
    return said


def as_shown(
    said: Prediction, language: str, target: LearnedTarget | None = None
) -> dict[str, Any]:
    """Give what is drawn of an answer: the likeliest classes with their shares, or a number."""
    if target is not None:
        told = words.render(answering.answer(said, target), language)
        return {"label": told, "unknown": False, "bars": []}
    bars = [
        {
            "label": score.label,
            "share": min(max(score.probability, 0.0), 1.0),
            "text": words.render(shares.percent(score.probability), language),
        }
        for score in said.scores[:MOST_BARS]
    ]
    return {"label": said.label, "unknown": bool(said.unknown), "bars": bars}


def _check_picture(frame: bytes) -> None:
    """Look at the head of a frame. Raises `RefusedError` for what no camera page sends."""
    try:
        with Image.open(BytesIO(frame), formats=("JPEG",)) as image:
            side = max(image.size)
    except Exception:  # decoders raise what they like
        raise RefusedError(415, "no JPEG picture") from None
    if side > MOST_SIDE:
        raise RefusedError(413, "a picture that is too large")


def _serializer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="thaw-live")
