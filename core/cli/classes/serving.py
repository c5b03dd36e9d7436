"""The command that starts the app: for one person alone, or for a class."""

import argparse
import os
import signal
import subprocess
import sys
from types import FrameType

from core.classroom import folder
from core.cli.arguments import Parser
from core.cli.console import Console
from core.runs.engine_process import ROOT
from core.words import mark, say

EVERYWHERE = "0.0.0.0"


def add_serve(sub: Parser) -> None:
    classroom = mark("for a class: open to the network, one workspace for each who joins")
    sub.add_argument("--classroom", action="store_true", help=classroom)
    port = mark("the port to listen on (default: 8501)")
    sub.add_argument("--port", type=int, default=None, metavar="N", help=port)
    address = mark("the address to listen on (default: this machine alone; a class: all of them)")
    sub.add_argument("--address", default=None, metavar="ADDRESS", help=address)


def serve(options: argparse.Namespace, console: Console) -> bool:
    """Start the app and wait until it ends; whatever ends this ends the app, too."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *_flags(options)]
    environment = {**os.environ, "THAW_HOME": str(options.workspace.absolute())}
    environment.pop(folder.SWITCH, None)
    if options.classroom:
        environment[folder.SWITCH] = "1"
    console.say(say("Thaw is starting (Ctrl-C ends it)."))
    with subprocess.Popen(command, cwd=ROOT, env=environment) as app:

        def end(number: int, _frame: FrameType | None) -> None:
            app.send_signal(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        return app.wait() not in (0, -signal.SIGTERM, -signal.SIGINT)


def _flags(options: argparse.Namespace) -> list[str]:
    """Give the settings of the server; a class needs no browser on this machine."""
    address = options.address or (EVERYWHERE if options.classroom else None)
    return [
        *([f"--server.address={address}"] if address else []),
        *([f"--server.port={options.port}"] if options.port is not None else []),
        *(["--server.headless=true"] if options.classroom else []),
    ]
