"""The dispatcher of a workspace whose runs are trained on this machine, one on each of its GPUs.

Start it with ``python -m core.cluster.gpus WORKSPACE [--only RUN | --classroom]``.
"""

import sys

from core import devices
from core.cluster.desks import GpuDesk
from core.cluster.dispatching import dispatch
from core.runs import worker


def _main(arguments: list[str]) -> None:
    """Dispatch the runs of a workspace, as its only dispatcher."""
    options = worker.parse(arguments, prog="python -m core.cluster.gpus", about=__doc__)
    desk = GpuDesk(options.ws, devices.gpus_in_turn())
    if options.only:
        worker.end_with_parent(desk.close)
    try:
        worker.work_alone(options.place, desk, only=options.only, work=dispatch)
    finally:
        desk.close()


if __name__ == "__main__":
    _main(sys.argv[1:])
