"""A bundle is used as by somebody who has only the ZIP: its own libraries, script and server."""

import csv
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from PIL import Image

from core import datasets, runs
from core.exports import environments
from core.exports.bundles import making, serving
from core.exports.formats import EXPORT_FORMATS
from core.exports.proving import odd_files
from core.models import presets
from core.records import Export, Prediction
from core.records.requests import TrainRun
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.workspace import Workspace
from tests import builders, numbered

pytestmark = [pytest.mark.engine, pytest.mark.slow]
MODELS = ("keras", "litert", "onnx")
PYTHON = "Scripts/python.exe" if os.name == "nt" else "bin/python"


@pytest.fixture(scope="module", params=["linear", "class-mean", "number"])
def trained(request, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    ws = Workspace(tmp_path_factory.mktemp("bundle"))
    is_number = request.param == "number"
    dataset = numbered.make_numbers(ws) if is_number else builders.make_dataset(ws, num=40)
    config = presets.configure(
        dataset.id,
        preset="quick",
        backbone="MobileNetV2-0.35",
        weights="none",
        image_size=96,
        task=dataset.task.name,
        classifier="linear" if is_number else request.param,
    )
    run_id = runs.create(ws, config)
    with closing(EngineProcess("train", ws)) as process:
        process.ask(TrainRun(run_id=run_id))
    return ws, run_id


@pytest.fixture(scope="module")
def photos(trained, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Pictures of both classes, and those that programs read in different ways."""
    ws, run_id = trained
    config = runs.get(ws, run_id).config
    images = datasets.images(ws, config.dataset_id)
    own = [datasets.image_path(ws, config.dataset_id, image) for image in images[::10]]
    with Image.open(own[0]) as picture:
        odd = odd_files.draw(picture.convert("RGB"), tmp_path_factory.mktemp("odd"))
    return [*own, *odd]


@pytest.fixture(scope="module")
def said(trained, photos: list[Path]) -> list[Prediction]:
    """What Predict says of them."""
    ws, run_id = trained
    with closing(Engine(ws)) as engine:
        return list(engine.predict(run_id, photos))


def apart(given: dict[str, float], prediction: Prediction) -> float:
    return max(abs(given[one.label] - one.probability) for one in prediction.scores)


def post(address: str, photo: Path) -> dict:
    with urlopen(Request(f"{address}/predict", photo.read_bytes()), timeout=60) as answer:
        return json.load(answer)


def check_answers(address: str, photos: Sequence[Path], said: Sequence[Prediction]) -> None:
    for photo, prediction in zip(photos, said, strict=True):
        given = post(address, photo)
        if prediction.number is not None:
            assert given["number"] == pytest.approx(prediction.number, abs=0.02), photo.name
            assert (
                (given["low"], given["high"]) == (prediction.low, prediction.high) == (None, None)
            )
            continue
        scores = {one["label"]: one["probability"] for one in given["scores"]}
        assert apart(scores, prediction) < 1e-3, photo.name
        assert given["similarity"] == pytest.approx(prediction.similarity, abs=1e-3)
        if abs(given["similarity"] - prediction.similarity) < 1e-4:
            assert given["known"] is (
                None if prediction.unknown is None else not prediction.unknown
            )


def test_a_run_is_served_here_by_its_keras_model(trained, photos, said):
    ws, run_id = trained

    with serving.serve(ws, run_id, host="127.0.0.1", port=0) as served:
        assert served.entry.name == "keras"
        check_answers(served.address, photos, said)


@pytest.fixture(scope="module")
def unpacked(trained, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Export]:
    """A bundle in a folder, beside an environment that has what its requirements name."""
    ws, run_id = trained
    if missing := environments.missing([EXPORT_FORMATS[name] for name in MODELS]):
        pytest.skip(f"`python -m core export-setup` installs {missing[0].name}")
    with closing(Engine(ws)) as engine:
        made = making.make(ws, run_id, (), engine, lambda message: None)
        assert making.make(ws, run_id, MODELS, engine, lambda message: None) == made
    folder = tmp_path_factory.mktemp("taken") / "m"
    with zipfile.ZipFile(made.path) as archive:
        archive.extractall(folder)
    subprocess.run([sys.executable, "-m", "venv", folder / ".venv"], check=True)
    return folder, made


def steps(folder: Path) -> dict[str, list[str]]:
    """Read the Dockerfile: what each instruction is given."""
    found = dict[str, list[str]]()
    for line in (folder / "Dockerfile").read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word.isupper():
            found.setdefault(word, []).append(rest)
    return found


def command(words: str, folder: Path, port: int) -> list[str]:
    """Give a command of the Dockerfile as it runs here."""
    listed = json.loads(words[words.index("[") :])
    here = {"python": str(folder / ".venv" / PYTHON), "0.0.0.0": "127.0.0.1"}
    return [here.get(word, word).replace("8000", str(port)) for word in listed]


@contextmanager
def container(folder: Path, port: int) -> Iterator[str]:
    """Run what the container would, until it says that it is well."""
    asked = steps(folder)
    child = subprocess.Popen(command(asked["CMD"][0], folder, port), cwd=folder)
    health = command(asked["HEALTHCHECK"][0], folder, port)
    try:
        for _ in range(120):
            if not subprocess.run(health, capture_output=True, check=False).returncode:
                break
            assert child.poll() is None
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(30)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def test_a_bundle_works_from_its_own_requirements_alone(unpacked, photos, said, tmp_path: Path):
    folder, made = unpacked
    python = folder / ".venv" / PYTHON
    [install] = [step for step in steps(folder)["RUN"] if "pip" in step]
    assert "USER model" in (folder / "Dockerfile").read_text()
    subprocess.run(
        [python, "-m", *shlex.split(install.replace("--no-cache-dir ", ""))], cwd=folder, check=True
    )

    out = tmp_path / "answers.csv"
    asked = [python, "predict.py", *photos, "--csv", out]
    status = subprocess.run(asked, cwd=folder, check=False).returncode
    with container(folder, free_port()) as address:
        check_answers(address, photos, said)
    another = subprocess.run(
        [python, "predict.py", photos[0], "--model", "model.tflite"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert status == int(any(prediction.problem for prediction in said))
    head, *rows = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    for row, prediction in zip(rows, said, strict=True):
        if prediction.number is not None:
            assert float(row[1]) == pytest.approx(prediction.number, abs=0.02), row[0]
            continue
        given = {label: float(cell) for label, cell in zip(head[4:-1], row[4:-1], strict=True)}
        assert apart(given, prediction) < 1e-3, row[0]
    assert another.returncode == 1
    assert "model.tflite needs another library" in another.stderr
    installed = {path.name.lower() for path in (folder / ".venv").rglob("site-packages/*")}
    assert not {"tensorflow", "keras", "streamlit"} & installed
    assert made.parity is not None
    assert made.parity.passed


def test_a_bundle_has_all_that_its_readme_names(unpacked):
    folder, made = unpacked

    names = {path.name for path in folder.iterdir()} - {".venv"}
    assert [one.path for one in made.parts] == ["model.onnx", "model.tflite", "model.keras"]
    for readme in ("README.md", "README.zh_CN.md"):
        listed = re.findall(r"^\| `([^`]+)` \|", (folder / readme).read_text("utf-8"), re.M)
        assert names - {"README.md", "README.zh_CN.md", "serve.html", "openapi.json"} == {*listed}
    card = (folder / "model_card.md").read_text("utf-8")
    assert all(f"(`{one.path}`)" in card for one in made.parts)
