"""A run's model served here, by the server that is taken away, in a process of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from PIL import Image

from core import cli
from core.errors import UserError
from core.exports import environments
from core.exports.bundles import serve, serving
from core.workspace import Workspace
from tests import builders

RUNTIME = '''
"""A runtime that names a picture by how red it is."""
import numpy as np

class SessionOptions:
    pass

class Output:
    name = "probabilities"

class InferenceSession:
    def __init__(self, path, options, providers):
        assert open(path, "rb").read() == b"a model"

    def get_outputs(self):
        return [Output]

    def run(self, names, given):
        red = given["pixels"][..., 0].mean() / 255
        return [np.array([[red, 1 - red]])]
'''


@pytest.fixture
def run_id(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A run with an ONNX export, and a runtime of it that is none."""
    monkeypatch.setenv("THAW_EXPORT_TOOLS", str(tmp_path / "tools"))
    base = str(environments.folder_of("onnx"))
    site = Path(sysconfig.get_path("purelib", "venv", vars={"base": base, "platbase": base}))
    site.mkdir(parents=True)
    (site / "onnxruntime.py").write_text(RUNTIME)
    environments.folder_of("converters").mkdir()
    builders.make_dataset(ws)
    run_id = builders.make_run(ws)
    builders.put_export(ws, run_id, "onnx")
    return run_id


def ask(address: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (50, 40), "red").save(out, "PNG")
    with urlopen(Request(f"{address}/predict", out.getvalue()), timeout=60) as answer:
        return answer.read()


def test_a_model_is_served_by_the_runtime_at_hand_and_the_server_ends_with_the_block(ws, run_id):
    with serving.serve(ws, run_id, host="127.0.0.1", port=0) as served:
        said = ask(served.address)
        port = urlsplit(served.address).port or 0
        with pytest.raises(UserError, match=r"Port \d+ of 127.0.0.1 cannot be used"):
            serving.serve(ws, run_id, host="127.0.0.1", port=port).__enter__()

    assert served.entry.name == "onnx"
    assert b'"label":"green","probability":1.0' in said  # the first class, as the runtime has it
    assert served.child.returncode is not None
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection(urlsplit(served.address).netloc).connect()


def heed_ctrl_c() -> None:
    """Heed Ctrl-C also where the tests run in the background, whose children are deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGKILL])
def test_the_command_says_its_address_and_its_server_ends_with_it(
    ws: Workspace, run_id: str, tmp_path: Path, ends: signal.Signals
):
    command = [sys.executable, "-m", "core", "serve-model", run_id, "--port", "0"]
    given = {**os.environ, "THAW_LANGUAGE": "en", "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    child = subprocess.Popen(
        [*command, "--workspace", str(ws.root)],
        stdout=subprocess.PIPE,
        text=True,
        env=given,
        preexec_fn=heed_ctrl_c,
    )
    with child:
        lines = [child.stdout.readline(), child.stdout.readline()]
        address = lines[1].split(" answers at ")[1].split(": ")[0]
        ask(address)
        child.send_signal(ends)
        rest, _ = child.communicate(timeout=60)

    assert lines[0] == "The model is opened…\n"
    assert "ONNX" in lines[1]
    assert (child.returncode, rest) == (0 if ends is signal.SIGINT else -ends, "")
    for _ in range(600):  # a killed command waits for nobody
        if not answers(address) and not list((tmp_path / "tmp").iterdir()):
            break
        time.sleep(0.1)
    assert not answers(address)
    assert list((tmp_path / "tmp").iterdir()) == []


def answers(address: str) -> bool:
    """Tell whether anybody listens at an address."""
    found = urlsplit(address)
    with socket.socket() as made:
        return made.connect_ex((found.hostname or "", found.port or 0)) == 0


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_is_none_is_refused_in_words(ws, run_id, port: str, capsys):
    words = ["serve-model", run_id, "--port", port, "--workspace", str(ws.root)]

    assert cli.main(words) == 2
    assert f"Port {port} of 127.0.0.1 cannot be used" in capsys.readouterr().err


def test_a_server_that_cannot_open_its_model_is_told(ws: Workspace, run_id: str):
    (ws.run(run_id).exports / "onnx" / "thaw.onnx").write_bytes(b"another")

    with pytest.raises(UserError, match="ended before it answered"):
        serving.serve(ws, run_id, host="127.0.0.1", port=0).__enter__()


def test_the_line_that_the_server_says_is_the_one_that_is_waited_for():
    assert serving._ADDRESS.match(b"model.onnx answers at http://127.0.0.1:8000\n")
    assert 'print(f"{name} answers at http://{shown}:{port}"' in Path(serve.__file__).read_text()
