"""The command that starts the app: for one person alone, or for a class."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from core.classroom import folder
from core.cli.arguments import Parser
from core.cli.console import Console
from core.runs.engine_process import ROOT
from core.web import access
from core.words import mark, say
from core.workspace import Workspace

EVERYWHERE = "0.0.0.0"
_ALL = (EVERYWHERE, "::", "[::]")


def add_serve(sub: Parser) -> None:
    classroom = mark("for a class: open to the network, one workspace for each who joins")
    sub.add_argument("--classroom", action="store_true", help=classroom)
    https = mark("encrypted, with a certificate that this machine signs itself: for the camera")
    sub.add_argument("--https", action="store_true", help=https)
    certificate = mark("encrypted, with this certificate, a PEM file; --key must be given, too")
    sub.add_argument("--cert", type=Path, default=None, metavar="FILE", help=certificate)
    key = mark("the key of the certificate, a PEM file without a password")
    sub.add_argument("--key", type=Path, default=None, metavar="FILE", help=key)
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
    files = zip(("sslCertFile", "sslKeyFile"), _certificate(options, address), strict=False)
    return [
        *(f"--server.{name}={file.absolute()}" for name, file in files),
        *([f"--server.address={address}"] if address else []),
        *([f"--server.port={options.port}"] if options.port is not None else []),
        *(["--server.headless=true"] if options.classroom else []),
    ]


def _certificate(options: argparse.Namespace, address: str | None) -> tuple[Path, ...]:
    """Give certificate and key where the connection is to be encrypted. Raises `UserError`."""
    if not (options.https or options.cert or options.key):
        return ()
    from core.classroom import certificates  # only now: it takes a tenth of a second

    if options.cert or options.key:
        given = (options.cert or Path(), options.key or Path())
        certificates.check(*given)
        return given
    reached = [access.own_address()] if not access.is_loopback(address) else []
    named = [address] if address and address not in (*_ALL, *reached) else []
    return certificates.own(Workspace(options.workspace), [*reached, *named])
