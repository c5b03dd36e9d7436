"""A run behind a link: its report, without any control, for whoever has the link."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core import words
from core.classroom import folder, links, people
from core.classroom.folder import folder_in
from core.errors import UserError
from core.reports import report
from core.web import forms
from core.words import mark

HEADERS = {  # a page that may load nothing, run nothing, and tells no other site where it was
    "content-security-policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}
PATH = "shared/"  # the door of the class lets strangers ask below it
_REVOKED = mark("This link was taken back. Ask whoever gave it to you.")
_UNKNOWN = mark("There is no such link. Ask whoever gave it to you.")


@dataclass(frozen=True, slots=True)
class SharedRun:
    """What is sent to whoever has a link; a function of the app says in which language."""

    root: Path
    language: Callable[[Request], str]

    def paths(self) -> dict[str, Callable[[Request], Response]]:
        """Give the function that answers each path."""
        return {f"/{PATH}{{link}}": self.page}

    def page(self, request: Request) -> Response:
        """Send the report of the run; a link that was taken back says so."""
        room, language = folder_in(self.root), self.language(request)
        link = links.with_token(room, request.path_params["link"]) if folder.is_open() else None
        person = people.find(room, link.person_id) if link else None
        if link is None:
            return _sentence(_UNKNOWN, language, 404)
        if link.is_revoked or person is None:
            return _sentence(_REVOKED, language, 410)
        try:
            text = report.page(people.workspace_of(room, person), link.run_id, language)
        except UserError:  # the run was deleted
            return _sentence(_REVOKED, language, 410)
        return HTMLResponse(text, headers=HEADERS)


def _sentence(text: str, language: str, status: int) -> Response:
    body = f'<main><h1>Thaw</h1><p role="alert">{forms.text(text, language)}</p></main>'
    return forms.page(body, language=words.closest_language(language), status=status)
