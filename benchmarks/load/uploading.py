"""Thousands of images sent as a browser sends them, while others work."""

import json
import struct
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from core.ingest import requests
from core.web import access, uploads
from core.workspace import Workspace

FILES_A_BODY = 64


def send(port: int, cookie: str, root: Path, ws: Workspace, paths: Sequence[Path]) -> str:
    """Send files by the upload route and have them read; give the id of the ingest."""
    ingest_id = requests.begin(ws, "many")
    ticket = uploads.ticket(ingest_id, access.secret(root))
    for first in range(0, len(paths), FILES_A_BODY):
        _post(port, cookie, ticket, _body(first, paths[first : first + FILES_A_BODY]))
    requests.start(ws, ingest_id, watched=False)
    return ingest_id


def _body(first: int, paths: Sequence[Path]) -> bytes:
    contents = [path.read_bytes() for path in paths]
    pieces = [
        (first + i, f"many/{path.parent.name}/{path.name}", len(content), 0, len(content))
        for i, (path, content) in enumerate(zip(paths, contents, strict=True))
    ]
    head = json.dumps(pieces).encode()
    return struct.pack(">I", len(head)) + head + b"".join(contents)


def _post(port: int, cookie: str, ticket: str, body: bytes) -> None:
    origin = f"http://127.0.0.1:{port}"
    headers = {"Cookie": cookie, "X-Upload-Ticket": ticket, "Origin": origin}
    request = urllib.request.Request(f"{origin}/api/upload", body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=120):
        pass
