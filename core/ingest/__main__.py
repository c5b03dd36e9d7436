"""One ingest in a process of its own: python -m core.ingest WORKSPACE INGEST_ID."""

import sys
from pathlib import Path

from core import privacy
from core.errors import UserError
from core.ingest import requests
from core.workspace import Workspace


def main(arguments: list[str]) -> int:
    """Run the ingest; how it stands is read from its state."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    privacy.begin()
    root, ingest_id = arguments
    try:
        requests.run(Workspace(Path(root)), ingest_id)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
