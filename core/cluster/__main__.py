"""The dispatcher of a workspace: its runs are trained on the cluster that ``THAW_EXECUTOR`` names.

Start it with ``python -m core.cluster WORKSPACE [--only RUN | --classroom]``.
"""

import contextlib
import sys

from core import files
from core.cluster import ray_nodes
from core.cluster.desks import NodesDesk
from core.cluster.dispatching import dispatch
from core.cluster.ray_nodes import RayNodes
from core.errors import UserError
from core.runs import worker
from core.runs.sharing import clusters


def main(arguments: list[str]) -> None:
    """Dispatch the runs of a workspace, as its only dispatcher."""
    options = worker.parse(arguments, prog="python -m core.cluster", about=__doc__)
    if options.only:
        worker.end_with_parent(ray_nodes.close)
    problem = options.place.ws.no_worker

    def connect() -> RayNodes:
        nodes = ray_nodes.connect(clusters.address_of())
        problem.unlink(missing_ok=True)
        return nodes

    try:
        worker.work_alone(options.place, NodesDesk(connect), only=options.only, work=dispatch)
    except UserError as error:
        with contextlib.suppress(OSError):
            files.write_record(problem, error.problem)
        sys.exit(f"error: {error}")
    except Exception:
        problem.unlink(missing_ok=True)  # of an earlier start: it is another one now
        raise


if __name__ == "__main__":
    main(sys.argv[1:])
