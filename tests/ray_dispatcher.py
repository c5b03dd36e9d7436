"""``python -m tests.ray_dispatcher WORKSPACE``: a dispatcher whose nodes learn nothing."""

import sys
from functools import partial

from core.cluster import dispatching, ray_nodes
from core.cluster.desks import NodesDesk
from core.runs import worker
from core.runs.sharing import clusters
from tests.fake_worker import FAKE

if __name__ == "__main__":
    worker.IDLE_SECONDS = 0.5
    options = worker.parse(sys.argv[1:], prog="ray_dispatcher", about=__doc__)
    connect = partial(ray_nodes.connect, clusters.address_of(), FAKE)
    desk = NodesDesk(connect)
    dispatch = partial(dispatching.dispatch, poll=0.1)
    worker.work_alone(options.place, desk, only=options.only, work=dispatch)
