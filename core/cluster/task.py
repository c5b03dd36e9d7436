"""A task as the node does it: an engine process of its own answers one request."""

from pathlib import Path

from core import files
from core.cluster import code
from core.cluster.nodes import KILLED, TaskOutcome, Work
from core.errors import Problem
from core.records import requests
from core.run_folder import RunFolder
from core.runs.engine_process import EngineProcess
from core.words import say


def do(work: Work, node: str, engine: EngineProcess, node_id: str = "") -> TaskOutcome:
    """Pass the request on, once the name of the node stands where the dispatcher looks."""
    if not Path(work.folder or work.root).is_dir():
        return refused(_unseen(work, node))
    if work.code and work.code != code.digest():
        return refused(_unlike(node))
    if work.folder:
        files.write_text(RunFolder(Path(work.folder)).node, f"{node}\n{node_id or node}")
    row = engine.pass_on(work.line)
    if row is not None:
        return TaskOutcome(row=row)
    ended = engine.returncode
    return TaskOutcome(
        returncode=KILLED if ended is None else ended, lacked_memory=engine.lacked_memory
    )


def refused(problem: Problem) -> TaskOutcome:
    """Say that the work cannot be done, as the engine says it."""
    return TaskOutcome(row=files.parse_row(requests.encode_refusal(problem).encode()))


def _unseen(work: Work, node: str) -> Problem:
    return Problem(
        what=say("The node {node} does not see the folder {folder}.", node=node, folder=work.root),
        expected=say("All nodes of a cluster must see the same workspace under the same path."),
        mend=say("Mount the shared folder there, or stop that node, then resume the run."),
    )


def _unlike(node: str) -> Problem:
    return Problem(
        what=say("The node {node} has another version of Thaw than this computer.", node=node),
        expected=say("Each node must have the same version of Thaw, in the same folder."),
        mend=say("Bring both up to date and start Thaw again, then resume the run."),
    )
