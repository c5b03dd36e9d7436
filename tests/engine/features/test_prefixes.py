"""The names of prefixes: another one for all that makes other features."""

import shutil
from pathlib import Path

import pytest

from core.engine.features import prefixes
from core.engine.networks import openvino_network

pytestmark = pytest.mark.engine
CORE = Path(prefixes.__file__).parents[2]


def key(**changes: object) -> str:
    parts = {"backbone": "VGG16", "weights": "ab", "cut": "all", "size": 160, "pooling": "average"}
    return prefixes.key_of(**{**parts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "source",
    [
        "models/backbones.json",
        "models/catalog.py",
        "images/pixels.py",
        "images/tiffs.py",  # only imported by pixels
        "engine/networks/heads.py",
        "engine/features/views.py",
    ],
)
def test_a_change_in_what_decides_features_makes_other_names(tmp_path: Path, source: str):
    core = shutil.copytree(CORE, tmp_path / "core", ignore=shutil.ignore_patterns("*.h5", "*.mo"))
    before = prefixes.code_version(core)

    with (core / source).open("a") as file:
        file.write(" ")

    assert prefixes.code_version(core) != before


def test_another_sentence_leaves_the_names(tmp_path: Path):
    core = shutil.copytree(CORE, tmp_path / "core", ignore=shutil.ignore_patterns("*.h5", "*.mo"))
    before = prefixes.code_version(core)

    for source in ("words.py", "records/runs.py", "models/backbone_texts.py", "cli/data.py"):
        with (core / source).open("a") as file:
            file.write(" ")

    assert prefixes.code_version(core) == before


def test_another_version_of_openvino_makes_another_name(monkeypatch: pytest.MonkeyPatch):
    before = key()

    monkeypatch.setattr(openvino_network, "installed", lambda: "1.0")

    assert key() != before
    assert key() == key()


def test_another_cut_size_or_weights_is_another_prefix():
    changes = [{}, {"cut": "block_3"}, {"size": 96}, {"weights": "cd"}, {"pooling": ""}]

    keys = {key(**change) for change in changes}

    assert len(keys) == len(changes)
