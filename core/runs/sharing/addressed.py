"""Which workspace a line to the engine is about, where one process serves several."""

import json
from collections.abc import Mapping
from typing import Any

KEY = "in"


def address(line: str, workspace: str) -> str:
    """Write a workspace on a line that is one JSON object."""
    return f"{line[:-1]}, {json.dumps(KEY)}: {json.dumps(workspace)}}}" if workspace else line


def workspace_of(row: Mapping[str, Any]) -> str:
    """Give the workspace that a line names; empty: that of the process."""
    return str(row.get(KEY, ""))


def without(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the request of a line alone."""
    return {key: value for key, value in row.items() if key != KEY}
