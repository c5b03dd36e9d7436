"""Routes beside the pages: uploads, thumbnails, growing metrics, downloads, the chart library."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core import datasets, files, runs, spreadsheets, words
from core.classroom import audit
from core.errors import UserError
from core.exports import store
from core.exports.code import packing
from core.exports.formats import BUNDLE
from core.models import catalog
from core.records import FileReport
from core.records.classroom import ActKind
from core.reports import report
from core.runs import inference
from core.web import access, batches, live, receiving, uploads, whole_run, wording
from core.web.classroom import phones, shared_run, teachers
from core.web.forms import LANGUAGE_COOKIE
from core.workspace import RunFolder, Workspace

_FOR_EVER = {"cache-control": "private, max-age=31536000, immutable"}  # named by content
_NEVER = {"cache-control": "no-store"}
_ALONE = {
    "content-security-policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
}


def build(root: Path, *, base: str = "") -> list[BaseRoute]:
    """Give all routes for the workspaces below a root, under the path the app is served at."""
    key = access.secret(root)
    app = _Routes(root=root, gate=receiving.Gate(key=key), receiver=uploads.Receiver(key=key))
    prefix = f"/{base.strip('/')}".rstrip("/")
    paths: dict[str, Callable[[Request], Response]] = {
        "/api/thumbnail/{dataset}/{content}": app.thumbnail,
        "/api/image/{dataset}/{content}": app.image,
        "/api/datasets/{dataset}/report.csv": app.report,
        "/api/runs/{run}/metrics": app.metrics,
        "/api/runs/{run}/strip": app.strip,
        "/api/runs/{run}/export": app.export,
        "/api/runs/{run}/code": app.code,
        "/api/runs/{run}/report": app.run_report,
        "/assets/plotly.min.js": app.chart_library,
        **batches.BatchRoutes(app.workspace, _language).paths(),
        **whole_run.WholeRun(app.workspace).paths(),
        **teachers.ClassRoutes(root, _language).paths(),
        **shared_run.SharedRun(root, _language).paths(),
    }
    gets: list[BaseRoute] = [
        Route(prefix + path, _explained(function)) for path, function in paths.items()
    ]
    phone = phones.PhoneRoutes(root, _language)
    camera = live.LiveRoute(key, app.engine, language=_language)
    return [
        *gets,
        Route(f"{prefix}/api/upload", app.upload, methods=["POST"]),
        Route(f"{prefix}/{phones.PATH}{{collection}}", phone.answer, methods=["GET", "POST"]),
        Route(f"{prefix}/api/live", camera.answer, methods=["POST"]),
    ]


def _explained(function: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Answer a user's mistake with its three sentences instead of a traceback."""

    def answer(request: Request) -> Response:
        try:
            return function(request)
        except UserError as error:
            return JSONResponse({"error": error.render(_language(request))}, 404, _NEVER)
        except access.NotAdmittedError as error:
            return JSONResponse({"error": str(error)}, 403, _NEVER)

    return answer


@dataclass(frozen=True, slots=True)
class _Routes:
    root: Path
    gate: receiving.Gate
    receiver: uploads.Receiver
    engines: dict[Path, inference.Engine] = field(default_factory=dict)

    def workspace(self, request: Request) -> Workspace:
        """Open the workspace of whoever asks, and find the backbones of that one."""
        ws = access.open_workspace(request.cookies, self.root)
        catalog.look_in(ws)
        return ws

    def engine(self, request: Request) -> inference.Engine:
        """Give the engine of whoever asks, apart from that of the pages; it starts when asked."""
        ws = self.workspace(request)
        return self.engines.setdefault(ws.root, inference.Engine(ws))

    async def upload(self, request: Request) -> Response:
        """Take a batch of files; nothing of it is read before its ticket was looked at."""
        given = request.headers.get("x-upload-ticket", "")
        try:
            ws = self.workspace(request)
            body = await self.gate.body(ws, request, given)
            num = await run_in_threadpool(self.receiver.receive, ws, given, body)
        except (uploads.RefusedError, UserError) as error:
            return JSONResponse({"error": str(error)}, getattr(error, "status", 400))
        except access.NotAdmittedError as error:
            return JSONResponse({"error": str(error)}, 403)
        except OSError as error:
            return JSONResponse({"error": str(error.strerror)}, 507)
        return JSONResponse({"received": num})

    def thumbnail(self, request: Request) -> Response:
        """Send the small picture of an image, made by ingest."""
        path = datasets.thumbnail(
            self.workspace(request), request.path_params["dataset"], request.path_params["content"]
        )
        return FileResponse(path, headers=_FOR_EVER)

    def image(self, request: Request) -> Response:
        """Send our copy of an image, in its whole size."""
        path = datasets.find_copy(
            self.workspace(request), request.path_params["dataset"], request.path_params["content"]
        )
        return FileResponse(path, headers=_FOR_EVER)

    def metrics(self, request: Request) -> Response:
        """Send the lines added since ``after``, which is the ``next`` of the last answer."""
        folder, body = self._grown(request, lambda folder: folder.metrics)
        progress = json.loads(folder.progress.read_text()) if folder.progress.exists() else None
        return JSONResponse(body | {"progress": progress}, headers=_NEVER)

    def strip(self, request: Request) -> Response:
        """Send how some validation pictures are named, as it grows: see `metrics`."""
        _, body = self._grown(request, lambda folder: folder.strip)
        return JSONResponse(body, headers=_NEVER)

    def _grown(
        self, request: Request, which: Callable[[RunFolder], Path]
    ) -> tuple[RunFolder, dict[str, object]]:
        """Give the folder of a run, where it stands and the lines that a file of it has more."""
        ws, run_id = self.workspace(request), request.path_params["run"]
        folder = ws.run(run_id)
        state = runs.state_of(ws, run_id) if folder.state.exists() else runs.get(ws, run_id).state
        rows, position = read_after(which(folder), _whole_number(request, "after"))
        return folder, {"rows": rows, "next": position, "state": state.state}

    def export(self, request: Request) -> Response:
        """Send a finished model in the format that is asked for."""
        ws, run_id = self.workspace(request), request.path_params["run"]
        inference.check_finished(ws, run_id)
        asked = request.query_params
        format, as_folder = asked.get("format", BUNDLE), "folder" in asked
        path = store.file_of(ws, run_id, format, as_folder=as_folder)
        audit.log(ws, ActKind.TAKE, run_id)
        return FileResponse(path, filename=path.name, headers=_NEVER)

    def code(self, request: Request) -> Response:
        """Send the training of a finished run in plain Keras, with what it reads."""
        ws, run_id = self.workspace(request), request.path_params["run"]
        headers = {"content-disposition": f'attachment; filename="thaw-{run_id}-code.zip"'}
        made = packing.zipped(ws, run_id)
        audit.log(ws, ActKind.TAKE, run_id)
        return Response(made, media_type="application/zip", headers=headers | _NEVER)

    def run_report(self, request: Request) -> Response:
        """Send the report of a finished run, a page that may load nothing and run nothing."""
        ws, run_id = self.workspace(request), request.path_params["run"]
        text = report.page(ws, run_id, _language(request))
        return Response(text, media_type="text/html; charset=utf-8", headers=_ALONE | _NEVER)

    def report(self, request: Request) -> Response:
        """Send what became of every file, as a table."""
        dataset = request.path_params["dataset"]
        rows = datasets.report(self.workspace(request), dataset)
        headers = {"content-disposition": f'attachment; filename="{dataset}-report.csv"'}
        text = report_csv(rows, _language(request))
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers | _NEVER)

    def chart_library(self, request: Request) -> Response:
        """Send Plotly's own script from the installed package, so that no other site is asked."""
        spec = find_spec("plotly")
        folder = Path(spec.origin).parent if spec and spec.origin else Path()
        return FileResponse(
            folder / "package_data" / "plotly.min.js",
            media_type="text/javascript",
            headers={"cache-control": "public, max-age=86400"},
        )


def read_after(path: Path, position: int) -> tuple[list[dict[str, object]], int]:
    """Read the complete JSON lines after a byte position, and where they end.

    A file that became shorter was written anew: then all of it is given.
    """
    if not path.exists():
        return [], 0
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        start = position if position <= size else 0
        file.seek(start)
        data = file.read()
    whole = data[: data.rfind(b"\n") + 1]
    rows = [row for line in whole.splitlines() if (row := files.parse_row(line)) is not None]
    return rows, start + len(whole)


def report_csv(rows: tuple[FileReport, ...], language: str) -> str:
    """Write a report as CSV that a spreadsheet shows as text and never runs as a formula."""
    table = [["file", "class", "verdict", "reason", "changes"]]
    for row in rows:
        reason = words.render(wording.for_page(row.reason), language) if row.reason else ""
        changes = " ".join(words.render(change, language) for change in row.changes)
        table.append([row.file, row.label, row.verdict, reason, changes])
    return spreadsheets.csv_text(table)


def _whole_number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _language(request: Request) -> str:
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if asked in words.LANGUAGES:
        return str(asked)
    return words.closest_language(request.headers.get("accept-language"))
