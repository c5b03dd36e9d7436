"""Routes for the teacher of a class alone: results, all work as one ZIP, photos that wait."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from core.classroom import collecting
from core.classroom.folder import ClassFolder
from core.teaching import ending, results
from core.web import access

_NEVER = {"cache-control": "no-store"}
_ALONE = {"content-security-policy": "default-src 'none'", "x-content-type-options": "nosniff"}


@dataclass(frozen=True, slots=True)
class ClassRoutes:
    """What is sent of a class; a function of the app says in which language."""

    root: Path
    language: Callable[[Request], str]

    def paths(self) -> dict[str, Callable[[Request], Response]]:
        """Give the function that answers each path."""
        return {
            "/api/class/results.csv": self.results,
            "/api/class/work.zip": self.work,
            "/api/class/waiting/{collection}/{contributor}/{photo}": self.photo,
        }

    def _room(self, request: Request) -> ClassFolder:
        return access.open_class(request.cookies, self.root)

    def results(self, request: Request) -> Response:
        """Send every run and every lesson of the class as a table."""
        text = results.table(self._room(request), self.language(request))
        return _download(Response(text, media_type="text/csv; charset=utf-8"), "class-results.csv")

    def photo(self, request: Request) -> Response:
        """Send a photo that waits, as it came: a browser may show it, and nothing else."""
        named = request.path_params
        room = self._room(request)
        path = collecting.photo(room, named["collection"], named["contributor"], named["photo"])
        kind = f"image/{path.suffix[1:].replace('jpg', 'jpeg')}"
        return FileResponse(path, media_type=kind, headers=_ALONE)

    def work(self, request: Request) -> Response:
        """Send all work of the class; it is packed while it is sent, so no disk is needed."""
        pieces = ending.packed(self._room(request), self.language(request))
        return _download(StreamingResponse(pieces, media_type="application/zip"), "class-work.zip")


def _download(answer: Response, name: str) -> Response:
    answer.headers["content-disposition"] = f'attachment; filename="{name}"'
    answer.headers.update(_NEVER)
    return answer
