"""The server of a bundle on the model of a run, here: a child process, as it runs elsewhere."""

import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core import files
from core.errors import UserError
from core.exports import environments, kit, store, taking, with_parent
from core.exports.bundles import server_files
from core.exports.environments import ENVIRONMENTS
from core.exports.formats import EXPORT_FORMATS
from core.records import ModelCard
from core.records.choices import ExportFormat
from core.words import say
from core.workspace import Workspace

_LAST_PORT = 65_535
_SECONDS_TO_END = 10.0
_QUICK = ("onnx", "litert", "openvino")  # formats that answer without TensorFlow, as exactly
_ADDRESS = re.compile(rb"\S+ answers at (http://\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """A server that answers."""

    address: str
    entry: ExportFormat  # of the model that it opened
    child: "subprocess.Popen[bytes]"

    def wait(self) -> int:
        """Wait until it ends, and give how."""
        return self.child.wait()


@contextmanager
def serve(ws: Workspace, run_id: str, *, host: str, port: int) -> Iterator[ServedModel]:
    """Serve a finished run's model as long as the block lasts.

    Raises `UserError` for a run without a model, an address that is taken, or a server that fails.
    """
    taking.check_exported(ws, run_id)
    _check_free(host, port)
    with tempfile.TemporaryDirectory(prefix="thaw-serve-") as folder:
        entry = _prepare(ws, run_id, Path(folder))
        child = _start(Path(folder), entry, host, port)
        with _ended(child):
            yield ServedModel(address=_address(child), entry=entry, child=child)


def _check_free(host: str, port: int) -> None:
    """Refuse an address that cannot be taken. Raises `UserError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if not 0 <= port <= _LAST_PORT:
            raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise UserError(
            say(
                "Port {port} of {host} cannot be used: {reason}.",
                port=port,
                host=host,
                reason=error.strerror or str(error),
            ),
            expected=say("A port up to 65535 that no other program uses."),
            mend=say("Choose another with --port; 0 takes any that is free."),
        ) from error


def _prepare(ws: Workspace, run_id: str, folder: Path) -> ExportFormat:
    """Put the model and its server into a folder; give the format of the model."""
    run = ws.run(run_id)
    entry, model = EXPORT_FORMATS["keras"], run.model
    for name in _QUICK:
        made = store.find(ws, run_id, name)
        if made is not None and not environments.missing([EXPORT_FORMATS[name]]):
            entry, model = EXPORT_FORMATS[name], Path(made.path)
            break
    kit.write_kit(run, entry, folder)
    server_files.write(folder, entry, files.read_record(run.card, ModelCard).task)
    if entry.file in kit.ZIPPED:
        shutil.unpack_archive(model, folder, "zip")
    else:
        shutil.copyfile(model, folder / entry.file)
    return entry


def _start(folder: Path, entry: ExportFormat, host: str, port: int) -> "subprocess.Popen[bytes]":
    """Start the server, which ends with this program even where that is killed."""
    runner = shutil.copy(with_parent.__file__, folder)
    command = [sys.executable, runner, str(folder), str(folder / "serve.py")]
    command += ["--host", host, "--port", str(port)]
    given = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    given.pop("PYTHONPATH", None)
    if entry.runtime in ENVIRONMENTS:
        base = str(environments.folder_of(entry.runtime))
        places = {"base": base, "platbase": base}
        given["PYTHONPATH"] = sysconfig.get_path("purelib", "venv", vars=places)
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=given, cwd=folder
    )


def _address(child: "subprocess.Popen[bytes]") -> str:
    """Wait for the line that says where it answers. Raises `UserError` where it ended instead."""
    for line in child.stdout or ():
        if found := _ADDRESS.match(line):
            return found[1].decode()
    raise UserError(
        say("The server ended before it answered."),
        expected=say("It opens the model and says its address."),
        mend=say("What it printed says why; mend that, and start it again."),
    )


@contextmanager
def _ended(child: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End the server with the block; a Ctrl-C has reached it, too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        child.terminate()
        try:
            child.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            child.kill()
        child.communicate()
