"""The route of one whole run as a ZIP, which is made for whoever asks and gone once it is sent."""

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from core.backups.single import packing
from core.classroom import audit
from core.records.classroom import ActKind
from core.workspace import Workspace


@dataclass(frozen=True, slots=True)
class WholeRun:
    """What is sent of a run; a function of the app says whose workspace."""

    workspace: Callable[[Request], Workspace]

    def paths(self) -> dict[str, Callable[[Request], Response]]:
        """Give the function that answers each path."""
        return {"/api/runs/{run}/run.zip": self.zipped}

    def zipped(self, request: Request) -> Response:
        """Send a run with its model and what judges it.

        Raises `UserError` for a run that has none.
        """
        ws, run_id = self.workspace(request), request.path_params["run"]
        folder = ws.staged_runs / f"taken-{secrets.token_hex(6)}"  # swept up where this is killed
        folder.mkdir(parents=True)
        try:
            path, _ = packing.pack(ws, run_id, folder / "run.zip")
        except BaseException:
            shutil.rmtree(folder)
            raise
        audit.log(ws, ActKind.TAKE, run_id)
        return FileResponse(
            path,
            filename=f"thaw-run-{run_id}.zip",
            headers={"cache-control": "no-store"},
            background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
        )
