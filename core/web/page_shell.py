"""The HTML that every page begins with, told where the server is.

Streamlit's page looks for its server below its own address first: two answers of 404 in the console
of every deep link, and their time before the first paint.
"""

from collections.abc import Iterable, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TELL = (
    "<script>window.__streamlit = {{BACKEND_BASE_URL: location.origin + "
    r"location.pathname.replace(/(^|\/)({names})\/?$/, '$1')}}</script>"
)
_BEFORE = b"<head>"
_UNSURE = (b"accept-encoding", b"if-none-match", b"if-modified-since")  # the answer is changed


def with_base(pages: Iterable[str]) -> Middleware:
    """Give the middleware for an app with pages of these names."""
    return Middleware(KnownBase, pages=sorted(pages))


class KnownBase:
    """Writes into the HTML that the server is where the address without the page's name leads."""

    def __init__(self, app: ASGIApp, pages: Sequence[str]) -> None:
        self.app = app
        self._script = _TELL.format(names="|".join(pages)).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in _UNSURE]
        await self.app({**scope, "headers": headers}, receive, _Written(self._script, send).send)


class _Written:
    """Holds an HTML answer back until it is whole, then sends it with a script in its head."""

    def __init__(self, script: bytes, send: Send) -> None:
        self._script, self._send = script, send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_whole(self._start)

    async def _send_whole(self, start: Message) -> None:
        body = self._body.replace(_BEFORE, _BEFORE + self._script, 1)
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(body))
        del headers["etag"]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    return Headers(scope=start).get("content-type", "").startswith("text/html")
