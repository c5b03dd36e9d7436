"""The one command that sets everything up."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import run
from tools import installing, ports

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("version", "fine"),
    [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False), ((2, 7), False)],
)
def test_the_python_versions_of_tensorflow_are_supported(version: tuple[int, int], fine: bool):
    assert run.supported(version) is fine


def test_an_unknown_command_says_which_there_are():
    ended = subprocess.run(
        [sys.executable, "run.py", "fly"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert "'fly' is not one of: app, classroom, test" in ended.stderr


def test_make_and_run_know_the_same_commands():
    targets = (ROOT / "Makefile").read_text().split(".PHONY:")[1].splitlines()[0].split()

    assert set(targets) - {"run"} <= set(run.COMMANDS)


def test_every_library_has_its_reason():
    names = [
        line.split("~=")[0].split("==")[0].split("[")[0].strip()
        for name in ("requirements.txt", "requirements-test.txt")
        for line in (ROOT / name).read_text().splitlines()
        if line and not line.startswith("#")
    ]
    reasons = (ROOT / "docs/decisions/dependencies.md").read_text().lower()

    assert [name for name in names if name.lower() not in reasons] == []


@pytest.mark.parametrize(
    ("words", "settings", "found"),
    [
        ([], {}, ("127.0.0.1", 8501, False)),
        (["--server.port", "8601"], {}, ("127.0.0.1", 8601, True)),
        (["--server.port=1", "--server.port=8602"], {}, ("127.0.0.1", 8602, True)),
        (["--server.address=::1"], {"STREAMLIT_SERVER_PORT": "8603"}, ("::1", 8603, True)),
        (["--server.port", "8604"], {"STREAMLIT_SERVER_PORT": "1"}, ("127.0.0.1", 8604, True)),
    ],
)
def test_the_place_of_the_app_is_known_before_it_starts(words, settings, found, monkeypatch):
    monkeypatch.setenv("HOME", "/nowhere")

    assert ports.place(ROOT, words, settings) == found


def test_a_setting_of_the_folder_chooses_the_port(tmp_path: Path):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit/config.toml").write_text('[server]\nport = 8605\naddress = "0.0.0.0"')

    assert ports.place(tmp_path, [], {}) == ("0.0.0.0", 8605, True)


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_busy_port_is_seen_and_a_free_one_found(busy: int):
    free = ports.next_free("127.0.0.1", busy)

    assert ports.refusal("127.0.0.1", busy) == f"Port {busy} of 127.0.0.1 is taken."
    assert free > busy
    assert ports.refusal("127.0.0.1", free) == ""
    assert ports.refusal("unix:///tmp/x", busy) == ""


def test_a_chosen_port_that_is_busy_is_said_once(busy: int, capsys: pytest.CaptureFixture[str]):
    assert run.app(["--server.port", str(busy)]) == 2

    said = capsys.readouterr()
    assert said.err.count("taken") == 1
    assert "python run.py --server.port " in said.err
    assert said.out == ""


@pytest.mark.parametrize("port", ["eighty", "99999", "-1", ""])
def test_what_is_no_port_is_named(port: str, capsys: pytest.CaptureFixture[str]):
    assert run.app([f"--server.port={port}"]) == 2

    assert capsys.readouterr().err.startswith(f"error: '{port}' is not a port. ")


def test_help_and_words_for_the_app_need_no_command():
    asked = subprocess.run(
        [sys.executable, "run.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "--server.port 8601" in asked.stdout
    makefile = (ROOT / "Makefile").read_text()
    assert "run.py app $(ARGS)" in makefile
    assert "run.py $@ $(ARGS)" in makefile


def test_the_set_up_says_how_far_it_is_and_how_much_is_left():
    pip = installing.Progress(expected=1000)
    pip.hear("Collecting tensorflow~=2.21.0 (from -r requirements.txt (line 3))\n")
    pip.hear("  Downloading tensorflow-2.21.0-cp311-cp311-manylinux.whl (572.4 MB)\n")

    assert pip.line(10, 1) == "  1 of 2: downloaded 10 of about 1000 MB (tensorflow, 572 MB)"
    assert pip.line(500, 100) == (
        "  1 of 2: downloaded 500 of about 1000 MB (tensorflow, 572 MB), about 4 min left"
    )
    assert pip.hear("Installing collected packages: six, keras, typing_extensions, tensorflow\n")
    pip.installed = frozenset(("six", "keras", "typing-extensions"))
    assert pip.line(1000, 250) == (
        "  2 of 2: installed 3 of 4 libraries (missing: tensorflow), about 2 min left"
    )
    pip.installed = frozenset(pip.names)
    assert pip.share(1000) == 1


def test_where_installing_goes_slower_than_the_downloads_did_more_time_is_left():
    pip = installing.Progress(expected=1000)
    pip.hear("Installing collected packages: six, keras, numpy, tensorflow\n")
    pip.downloaded_in, pip.installed = 40.0, frozenset(("six",))

    assert pip.line(1000, 100) == (
        "  2 of 2: installed 1 of 4 libraries (missing: keras, numpy, tensorflow), about 3 min left"
    )


def test_more_than_was_expected_is_no_more_than_all():
    pip = installing.Progress(expected=0)  # an update in place

    assert pip.line(0, 5) == "  1 of 2: downloaded 0 MB"
    assert pip.share(20) <= 1


def test_libraries_are_compiled_but_for_their_own_tests(tmp_path: Path):
    folder = tmp_path / "test"  # the folder that all lies in counts for nothing
    for name in ("lib/pandas/core.py", "lib/pandas/tests/test_core.py", "lib/broken.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("1 +" if "broken" in name else "1")

    installing.compile_all(Path(sys.executable), folder)

    compiled = [path.name.partition(".")[0] for path in folder.rglob("*.pyc")]
    assert compiled == ["core"]


def test_a_set_up_that_fails_shows_the_last_words_of_pip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    failing = "import sys; print('Collecting x'); print('ERROR: no such host'); sys.exit(3)"

    code = installing.install([sys.executable, "-c", failing], tmp_path, 100)

    assert code == 3
    assert "ERROR: no such host" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def make_environment(folder: Path, python: str, version: str) -> Path:
    """Write what there is to see of a virtual environment."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(python)
    (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    return folder


HERE = f"{sys.version_info[0]}.{sys.version_info[1]}.7"


@pytest.mark.skipif(os.name == "nt", reason="environments are laid out in another way there")
@pytest.mark.parametrize(
    ("python", "version", "said"),
    [
        (sys.executable, HERE, ""),
        ("/no/such/python", HERE, "is gone"),
        (sys.executable, "3.9.1", "made with Python 3.9 and has"),
        (sys.executable, "", "made with Python ? and has"),
    ],
)
def test_an_environment_whose_python_is_gone_or_another_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, python: str, version: str, said: str
):
    folder = make_environment(tmp_path / ".venv", python, version)
    monkeypatch.setattr(run, "ENVIRONMENT", folder)
    monkeypatch.setattr(run, "PYTHON", folder / "bin" / "python")

    problem = run._problem(needs_pip=False)

    assert said in problem
    assert bool(problem) is bool(said)
