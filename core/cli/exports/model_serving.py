"""The command serve-model: a run's model for other programs, over HTTP."""

import argparse
from contextlib import suppress

from core.cli import training
from core.cli.arguments import Parser
from core.cli.console import Console
from core.exports.bundles import serving
from core.words import mark, say
from core.workspace import Workspace


def add_serve_model(sub: Parser) -> None:
    training.add_run(sub)
    port = mark("port to answer at; 0 takes any that is free (default: 8000)")
    sub.add_argument("--port", type=int, default=8000, metavar="N", help=port)
    host = mark("address to answer at; 0.0.0.0 lets the whole network ask (default: 127.0.0.1)")
    sub.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=host)


def serve_model(options: argparse.Namespace, console: Console) -> bool:
    """Serve a run's model until Ctrl-C; tell whether it ended by itself."""
    ws = Workspace(options.workspace)
    console.say(say("The model is opened…"))
    with suppress(KeyboardInterrupt):
        with serving.serve(ws, options.run_id, host=options.host, port=options.port) as served:
            console.say(
                say(
                    "The model ({format}) answers at {address}: open it in a browser, or POST "
                    "photos to {address}/predict. Ctrl-C ends it.",
                    format=say(served.entry.title),
                    address=served.address,
                )
            )
            console.result({"address": served.address, "format": served.entry.name})
            served.wait()
        return True
    return False
