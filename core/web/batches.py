"""Routes of many predictions at once: small pictures, our copies, tables, and the sorted ZIP."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from core.batch_predictions import downloads, store
from core.batch_predictions.folder import BatchFolder, folder_of
from core.errors import UserError
from core.words import say
from core.workspace import Workspace

_CONTENT = re.compile("[0-9a-f]{32}")
_FOR_EVER = {"cache-control": "private, max-age=31536000, immutable"}  # named by content
_NEVER = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class BatchRoutes:
    """What is sent of a batch; functions of the app say whose workspace and which language."""

    workspace: Callable[[Request], Workspace]
    language: Callable[[Request], str]

    def paths(self) -> dict[str, Callable[[Request], Response]]:
        """Give the function that answers each path."""
        return {
            "/api/predictions/{batch}/thumbnail/{content}": self.thumbnail,
            "/api/predictions/{batch}/image/{content}": self.image,
            "/api/predictions/{batch}/table{suffix}": self.table,
            "/api/predictions/{batch}/sorted.zip": self.sorted,
        }

    def _folder(self, request: Request) -> BatchFolder:
        return folder_of(self.workspace(request), request.path_params["batch"])

    def thumbnail(self, request: Request) -> Response:
        """Send the small picture of an image."""
        path = self._folder(request).thumbnails / f"{_content(request)}.jpg"
        return FileResponse(_there(path), headers=_FOR_EVER)

    def image(self, request: Request) -> Response:
        """Send our copy of an image."""
        content, copies = _content(request), self._folder(request).copies
        found = (copies / content[:2] / f"{content}{suffix}" for suffix in (".jpg", ".png"))
        path = next((path for path in found if path.exists()), copies)
        return FileResponse(_there(path), headers=_FOR_EVER)

    def table(self, request: Request) -> Response:
        """Send all answers as a table. Raises `UserError` for a kind of file that there is not."""
        batch_id, suffix = request.path_params["batch"], request.path_params["suffix"]
        if suffix not in downloads.SUFFIXES:
            raise _nothing()
        ws = self.workspace(request)
        path = downloads.table(ws, batch_id, suffix, self.language(request))
        return FileResponse(path, filename=f"{_name(ws, batch_id)}{suffix}", headers=_NEVER)

    def sorted(self, request: Request) -> Response:
        """Send the images in a folder for each predicted class."""
        ws, batch_id = self.workspace(request), request.path_params["batch"]
        path = downloads.sorted_images(ws, batch_id)
        return FileResponse(path, filename=f"{_name(ws, batch_id)}.zip", headers=_NEVER)


def _name(ws: Workspace, batch_id: str) -> str:
    """Give what a download is called after."""
    return store.get(ws, batch_id).request.name or "predictions"


def _content(request: Request) -> str:
    content = str(request.path_params["content"])
    if not _CONTENT.fullmatch(content):
        raise _nothing()
    return content


def _there(path: Path) -> Path:
    if not path.is_file():
        raise _nothing()
    return path


def _nothing() -> UserError:
    return UserError(
        say("There is nothing at this address."),
        expected=say("An address from the Predict page."),
        mend=say("Open the page again."),
    )
