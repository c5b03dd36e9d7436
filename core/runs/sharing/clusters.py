"""Where runs are trained, as ``THAW_EXECUTOR`` says: on this machine, or on a cluster.

Ray is looked for, never imported here: only `core.cluster` does that, in a process of its own.
"""

import os
import re
from collections.abc import Mapping
from importlib.util import find_spec

from core.errors import UserError
from core.records import Run, RunSummary, State
from core.words import say

VARIABLE = "THAW_EXECUTOR"
LOCAL, RAY = "local", "ray"
_ADDRESS = re.compile(r"([A-Za-z0-9_.-]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})")


def kind_of(environment: Mapping[str, str] = os.environ) -> str:
    """Name the executor that was asked for. Raises `UserError` where there is none such."""
    value = environment.get(VARIABLE) or LOCAL
    if value == LOCAL:
        return LOCAL
    kind, _, address = value.partition(":")
    if kind != RAY or not _ADDRESS.fullmatch(address):
        raise _unknown(value)
    if find_spec("ray") is None:
        raise _no_ray(value)
    if environment.get("RAY_AUTH_MODE") != "token":
        raise _no_token()
    return RAY


def is_asked_for(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether runs are to be trained on a cluster, be it there or not."""
    return environment.get(VARIABLE, "").startswith(f"{RAY}:")


def address_of(environment: Mapping[str, str] = os.environ) -> str:
    """Give the address of the cluster that was asked for. Raises `UserError` as `kind_of`."""
    kind_of(environment)
    return environment.get(VARIABLE, "").partition(":")[2]


def shown_state(run: Run | RunSummary) -> State:
    """Give where a run stands; one that a cluster has no free node for only waits."""
    return State.QUEUED if waits_for_node(run) else run.state.state


def waits_for_node(run: Run | RunSummary) -> bool:
    """Tell whether no node of the cluster has begun with a run.

    Before it is trained its images may be read on all nodes: then it stands at its very beginning.
    """
    done = run.done if isinstance(run, RunSummary) else run.progress and run.progress.done
    is_begun = run.state.state is not State.RUNNING or bool(run.state.node) or done == 0.0
    return is_asked_for() and not is_begun


def node_of(run: Run | RunSummary) -> str:
    """Name the node on which a run is, or was, trained; none for one that waits for another."""
    return "" if run.state.state is State.QUEUED else run.state.node


def _unknown(value: str) -> UserError:
    return UserError(
        say("{name} is '{value}'.", name=VARIABLE, value=value),
        expected=say("It is 'local', or 'ray:HEAD:6379' with the address of a cluster's head."),
        mend=say("Change it, or unset it to train on this computer."),
    )


def _no_ray(value: str) -> UserError:
    return UserError(
        say("{name} is '{value}', but Ray is not installed.", name=VARIABLE, value=value),
        expected=say("A cluster needs requirements-cluster.txt, here and on each of its nodes."),
        mend=say("Run '.venv/bin/pip install -r requirements-cluster.txt'."),
    )


def _no_token() -> UserError:
    return UserError(
        say("RAY_AUTH_MODE is not 'token'."),
        expected=say("Without a token, whoever reaches a cluster can run anything on it."),
        mend=say("Set it on all machines and start the cluster anew, as docs/cluster.md says."),
    )
