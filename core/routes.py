"""Routes beside the pages: uploads, thumbnails, growing metrics, downloads, the chart library."""

from pathlib import Path

from starlette.routing import BaseRoute


def build(root: Path, *, base: str = "") -> list[BaseRoute]:
    """Give all routes for the workspace below a root, under the path the app is served at."""
    return []
