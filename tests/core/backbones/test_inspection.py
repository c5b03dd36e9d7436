"""What is refused before Keras sees it, and what is not."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core.backbones import archive, inspection
from core.errors import UserError
from tests.core.backbones import model_files
from tests.core.backbones.hostile import HOSTILE


def test_there_are_forty_hostile_files():
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(name: str, tmp_path: Path):
    make, reason = HOSTILE[name]
    path = tmp_path / "given.keras"
    make(path)

    with pytest.raises(UserError) as raised:
        inspection.inspect(path, tmp_path / "out")

    assert reason in str(raised.value.problem.what)


def test_a_plain_network_passes_and_is_taken_apart(tmp_path: Path):
    path = model_files.write(tmp_path / "given.keras")

    inspection.inspect(path, tmp_path / "out")

    config = json.loads((tmp_path / "out" / archive.CONFIG).read_text())
    assert config == model_files.network()
    with zipfile.ZipFile(path) as packed:
        weights = packed.read(archive.WEIGHTS)
    assert (tmp_path / "out" / archive.WEIGHTS).read_bytes() == weights


def test_what_a_model_was_compiled_with_is_neither_read_nor_kept(tmp_path: Path):
    config = model_files.network()
    loss = {"module": "my_code", "class_name": "MyLoss", "registered_name": "my>MyLoss"}
    config["compile_config"] = {"loss": loss, "optimizer": {"class_name": "Mine"}}
    config["config"]["layers"].append(
        model_files.network() | {"name": "inner", "compile_config": {"loss": loss}}
    )
    weights = model_files.tables(lambda file: file.copy("layers", "inner"))

    inspection.inspect(
        model_files.write(tmp_path / "given.keras", config, weights), tmp_path / "out"
    )

    assert "compile_config" not in (tmp_path / "out" / archive.CONFIG).read_text()


def test_the_inspecting_process_loads_neither_tensorflow_nor_keras(tmp_path: Path):
    path = model_files.write(tmp_path / "given.keras")
    code = (
        "import sys; from core.backbones import inspection; "
        f"assert inspection.main([{str(path)!r}, {str(tmp_path / 'out')!r}]) == 0; "
        "assert not {'tensorflow', 'keras', 'streamlit'} & sys.modules.keys()"
    )

    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
