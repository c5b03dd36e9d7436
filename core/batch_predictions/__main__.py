"""Work on one batch in a process of its own: python -m core.batch_predictions WORKSPACE ID [sort].

With ``sort`` it writes the ZIP of a batch that is done.
"""

import sys
from pathlib import Path

from filelock import Timeout

from core import privacy
from core.batch_predictions import job, sorting
from core.runs.inference import Engine
from core.workspace import Workspace


def main(arguments: list[str]) -> int:
    """Do the work; how it stands is read from its state."""
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    privacy.begin()
    job.lower_priority()
    ws, batch_id = Workspace(Path(arguments[0])), arguments[1]
    engine = Engine(ws)
    try:
        if arguments[2:] == ["sort"]:
            sorting.write(ws, batch_id)
        else:
            job.work(ws, batch_id, engine)
    except Timeout:  # another process has it
        return 0
    finally:
        engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
