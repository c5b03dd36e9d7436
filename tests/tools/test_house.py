"""The figures of a tree are those that can be counted by hand."""

from pathlib import Path

import pytest

from tools import house

TREE = {
    "core/__init__.py": "",
    "core/__main__.py": "from core.cli import main\n",
    "core/words.py": "",
    "core/cli/__init__.py": "from core import words\nfrom core.runs.store import get\n",
    "core/runs/__init__.py": "",
    "core/runs/store.py": "import core.words\nfrom core.runs import worker\n",
    "core/runs/worker.py": "def wait():\n    from core.cli import main\n" + "    pass\n" * 30,
    "core/engine/training/job.py": "@dataclass(frozen=True)\nclass Job: ...\nclass Plain: ...\n",
    "pages/home.py": "from core.runs import store\nimport streamlit\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_tree_is_counted(root: Path, capsys: pytest.CaptureFixture[str]):
    house.main(root)

    figures = {line[:42].strip(): line[43:] for line in capsys.readouterr().out.splitlines()}
    assert figures["modules"] == "9"
    assert figures["lines"] == "42"
    assert figures["modules in the largest folders"].startswith("core 2, core.runs 2, ")
    assert figures["record types of engine/training"] == "1 Job"
    assert figures["functions over 30 lines"] == "1"
    assert (
        figures["arrows between packages"] == "5"
    )  # cli -> core, runs; runs -> core, cli; pages -> runs
    assert figures["packages in import cycles"] == "2"
    assert figures["modules in import cycles between packages"] == "2"
