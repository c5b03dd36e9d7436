"""Say what is in photos that are sent over HTTP: python serve.py [--host HOST] [--port PORT]

It stands beside predict.py and the model; requirements.txt names the libraries that it needs. It
asks nobody who they are: beyond your own network, put a server before it that does.
"""

import argparse
import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image, UnidentifiedImageError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from core.exports import predict
from core.exports.answers import NoAnswerError, answering
from core.exports.openers import Model, chosen_model, opened_model

HERE = Path(__file__).parent
MOST_BYTES = 20_000_000  # of a request
MOST_WAITING = 32  # requests at once
MOST_SECONDS = 30.0  # for a photo to arrive
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_ALONE = (  # the page may ask this server and nobody else
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class RefusedPhotoError(Exception):
    """A request that gets no answer: its status, and a sentence for whoever sent it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(slots=True)
class PhotoServer:
    """Answers one photo after the other by one model."""

    model: Model
    card: dict[str, Any]  # model.json
    name: str  # of the model's file
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _num_waiting: int = 0

    async def answer(self, request: Request) -> Response:
        """Answer `POST /predict`: a file in a form, or the photo as the body."""
        try:
            with self._admitted():
                photo = await photo_of(request)
                async with self._turn:
                    return JSONResponse(await run_in_threadpool(self.told, photo), headers=_HEADERS)
        except RefusedPhotoError as error:
            return refusal(error.status, str(error))

    @contextmanager
    def _admitted(self) -> Iterator[None]:
        if self._num_waiting >= MOST_WAITING:
            raise RefusedPhotoError(503, "Too many photos are waiting. Send it again later.")
        self._num_waiting += 1
        try:
            yield
        finally:
            self._num_waiting -= 1

    def told(self, photo: bytes) -> dict[str, Any]:
        """Say what is in a photo. Raises `RefusedPhotoError` where it cannot be read."""
        try:
            image = predict.pixels(photo, self.card["config"]["image_size"], self.card["bands"])
        except Exception as error:  # decoders raise what they like
            sentence = f"The photo could not be read: {predict.why(error).rstrip('.')}."
            raise RefusedPhotoError(status_of(error), sentence) from None
        try:
            return answering(self.card).answer(self.model, self.card, image).told
        except NoAnswerError as error:
            raise RefusedPhotoError(500, f"There is no answer: {error}.") from None

    async def health(self, request: Request) -> Response:
        """Answer `GET /health`."""
        told = {"status": "ok", "model": self.name, **answering(self.card).facts(self.card)}
        return JSONResponse(told, headers=_HEADERS)

    async def page(self, request: Request) -> Response:
        """Send the page on which a photo can be tried; it loads nothing from elsewhere."""
        text = (HERE / "serve.html").read_text("utf-8")
        return HTMLResponse(text, headers={**_HEADERS, "content-security-policy": _ALONE})

    async def openapi(self, request: Request) -> Response:
        """Send what programs read of all this."""
        return FileResponse(HERE / "openapi.json", headers=_HEADERS)


def status_of(error: Exception) -> int:
    """Give the status of HTTP for a photo that cannot be read."""
    if isinstance(error, UnidentifiedImageError):
        return 415
    too_large = isinstance(error, MemoryError | Image.DecompressionBombError)
    return 413 if too_large or predict.TOO_LARGE in str(error) else 422


async def photo_of(request: Request) -> bytes:
    """Give the photo that was sent. Raises `RefusedPhotoError` where there is none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or kind.startswith("text/"):
        raise RefusedPhotoError(415, "Send the photo itself, or as a file in a form.")
    body = await body_of(request)
    photo = await file_of(request, body) if kind == "multipart/form-data" else body
    if not photo:
        raise RefusedPhotoError(400, "There is no photo in the request.")
    return photo


async def body_of(request: Request) -> bytes:
    """Read a request. Raises `RefusedPhotoError` where it is too large or comes too slowly."""
    told, body = request.headers.get("content-length", ""), bytearray()
    if told.isdecimal() and (len(told) > 12 or int(told) > MOST_BYTES):
        raise too_many_bytes()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > MOST_BYTES:
                    raise too_many_bytes()
    except TimeoutError:
        raise RefusedPhotoError(408, "The photo did not arrive in time.") from None
    except ClientDisconnect:
        raise RefusedPhotoError(400, "The photo did not arrive whole.") from None
    return bytes(body)


def too_many_bytes() -> RefusedPhotoError:
    """Say that a request is too large."""
    return RefusedPhotoError(413, f"The photo is larger than {MOST_BYTES // 1_000_000} MB.")


async def file_of(request: Request, body: bytes) -> bytes:
    """Give the one file of a form, under any name. Raises `RefusedPhotoError` if there are more."""

    async def parts() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(request.headers, parts(), max_files=1, max_fields=8).parse()
    except (MultiPartException, ValueError):
        raise RefusedPhotoError(400, "The form is damaged, or has more than one file.") from None
    try:
        files = [value for value in form.values() if isinstance(value, UploadFile)]
        return await files[0].read() if files else b""
    finally:
        await form.close()


def refusal(status: int, sentence: str) -> Response:
    """Answer with a sentence."""
    return JSONResponse({"error": sentence}, status, _HEADERS)


async def misled(request: Request, error: Exception) -> Response:
    """Answer whoever asks for what is not there."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentences = {
        404: "There is nothing here. POST a photo to /predict, or open / in a browser.",
        405: "This address takes another method: POST to /predict, GET elsewhere.",
        500: "The model failed on this photo.",
    }
    return refusal(status, sentences.get(status, str(error)))


def app(server: PhotoServer) -> Starlette:
    """Give the program that answers requests."""
    routes = [
        Route("/predict", server.answer, methods=["POST"]),
        Route("/health", server.health),
        Route("/openapi.json", server.openapi),
        Route("/", server.page),
        Route("/docs", server.page),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: misled, Exception: misled})


def listening(host: str, port: int) -> socket.socket:
    """Take the address. Raises `SystemExit` where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if not 0 <= port <= 65535:
            raise OSError("ports go up to 65535")
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SystemExit(f"The address {host}, port {port}, cannot be used: {error}") from None


def main(arguments: list[str]) -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Say what is in photos sent over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0: for the whole network")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--model", default="", metavar="FILE", help="which of several models")
    options = parser.parse_args(arguments)
    with listening(options.host, options.port) as listener:
        card, name = predict.described(), options.model or chosen_model(HERE)
        server = PhotoServer(opened_model(HERE, name=name), card, name)
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        print(f"{name} answers at http://{shown}:{port}", flush=True)
        config = uvicorn.Config(app(server), log_level="warning", server_header=False)
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(sys.argv[1:])
