"""The command that starts the app: for one person alone, a class, or an institution."""

import argparse
import ipaddress
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from core.classroom import folder
from core.cli.arguments import Parser
from core.cli.console import Console
from core.institution import settings
from core.runs.engine_process import ROOT
from core.web import access
from core.words import mark, say
from core.workspace import Workspace

EVERYWHERE = "0.0.0.0"
_SWITCHES = (folder.SWITCH, folder.ACCOUNTS)
_FOR_MANY = ("--server.headless=true", "--server.maxUploadSize=40")  # as `in_memory` has it
_ALL = (EVERYWHERE, "::", "[::]")


def add_serve(sub: Parser) -> None:
    classroom = mark("for a class: open to the network, one workspace for each who joins")
    sub.add_argument("--classroom", action="store_true", help=classroom)
    institution = mark(
        "for an institution: people sign in with its accounts, one workspace for each; FILE says "
        "who teaches (docs/institution.md)"
    )
    sub.add_argument("--institution", type=Path, default=None, metavar="FILE", help=institution)
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
    kept = {name: text for name, text in os.environ.items() if name not in _SWITCHES}
    environment = kept | {"THAW_HOME": str(options.workspace.absolute())}
    environment |= _switches(options)
    console.say(say("Thaw is starting (Ctrl-C ends it)."))
    with subprocess.Popen(command, cwd=ROOT, env=environment) as app:

        def end(number: int, _frame: FrameType | None) -> None:
            app.send_signal(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        return app.wait() not in (0, -signal.SIGTERM, -signal.SIGINT)


def _switches(options: argparse.Namespace) -> dict[str, str]:
    """Give what tells the app for whom it is. Raises `UserError` for settings that are wrong."""
    if options.institution is None:
        return {folder.SWITCH: "1"} if options.classroom else {}
    found = {folder.ACCOUNTS: str(options.institution.absolute())}
    if settings.read(options.institution).proxy is not None:
        found["FORWARDED_ALLOW_IPS"] = ""  # an address is that of the connection, no header's
    return found


def _is_behind(options: argparse.Namespace) -> bool:
    """Tell whether all that may ask is a proxy on this machine."""
    proxy = settings.read(options.institution).proxy if options.institution else None
    return proxy is not None and all(
        ipaddress.ip_network(network).is_loopback for network in proxy.addresses
    )


def _flags(options: argparse.Namespace) -> list[str]:
    """Give the settings of the server; a class needs no browser on this machine."""
    is_for_many = options.classroom or options.institution is not None
    address = options.address or (EVERYWHERE if is_for_many and not _is_behind(options) else None)
    files = zip(("sslCertFile", "sslKeyFile"), _certificate(options, address), strict=False)
    return [
        *(f"--server.{name}={file.absolute()}" for name, file in files),
        *([f"--server.address={address}"] if address else []),
        *([f"--server.port={options.port}"] if options.port is not None else []),
        *(_FOR_MANY if is_for_many else []),
    ]


def _certificate(options: argparse.Namespace, address: str | None) -> tuple[Path, ...]:
    """Give certificate and key where the connection is to be encrypted. Raises `UserError`."""
    if not (options.https or options.cert or options.key):
        return ()
    from core.classroom import certificates  # only now: it takes a tenth of a second

    if options.cert or options.key:
        certificates.check(options.cert, options.key)
        return options.cert, options.key
    reached = [access.own_address()] if not access.is_loopback(address) else []
    named = [address] if address and address not in (*_ALL, *reached) else []
    return certificates.own(Workspace(options.workspace), [*reached, *named])
