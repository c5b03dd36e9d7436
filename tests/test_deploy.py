"""What packages Thaw for a server: that it names what is there, and works without this machine."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

from core.cli import parser
from deploy import healthy
from tools import by_hand

ROOT = Path(__file__).parents[1]
DOCKERFILES = ("Dockerfile", "Dockerfile.gpu")
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
DOC = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
PORT = "8501"
HAS_DOCKER = (
    shutil.which("docker") is not None
    and subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0
)


class _Reset(yaml.SafeLoader):
    """Reads compose's own tag that empties a list."""


_Reset.add_constructor("!reset", lambda loader, node: loader.construct_sequence(node))


def _read(name: str) -> list[by_hand.Step]:
    return by_hand.steps((ROOT / name).read_text(encoding="utf-8"))


def _of(name: str, word: str) -> list[str]:
    return [step.rest for step in _read(name) if step.word == word]


def _options(words: list[str]) -> object:
    """Read a command ``python -m core ...`` as the command line does."""
    assert words[:3] == ["python", "-m", "core"]
    return parser.parse(words[3:], "en")


@pytest.mark.parametrize("name", DOCKERFILES)
def test_what_an_image_copies_is_there_and_sent(name: str):
    patterns = by_hand.patterns()

    for rest in _of(name, "COPY"):
        for source in rest.split()[:-1]:
            path = ROOT / source
            files = (
                [p for p in path.rglob("*.*") if p.suffix != ".pyc"] if path.is_dir() else [path]
            )
            sent = [
                p for p in files if not by_hand.ignored(p.relative_to(ROOT).as_posix(), patterns)
            ]
            assert path.exists(), source
            assert sent, f"{source} is left out by .dockerignore"


@pytest.mark.parametrize(
    "path",
    [
        *(".venv/bin/python", ".git/config", ".env", "tests/test_run.py", "tests/corpus/zips.py"),
        *(".streamlit/secrets.toml", "institution.toml", "secret.key", "https.key"),
        *("workspace/runs/a/model.keras", "deploy/nginx.conf", "core/__pycache__/files.pyc"),
        "core/locale/zh_CN/LC_MESSAGES/thaw.mo",
    ],
)
def test_what_does_not_belong_into_an_image_is_not_sent(path: str):
    assert by_hand.ignored(path, by_hand.patterns())


@pytest.mark.parametrize("name", DOCKERFILES)
def test_an_image_has_a_pinned_base_no_root_and_nothing_to_build_with(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    [base], [user] = _of(name, "FROM"), _of(name, "USER")
    python = tuple(int(part) for part in re.findall(r"\d+", base)[:2])

    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", base)
    assert python == (3, 11)  # tried by hand with it
    assert user == "thaw"
    assert text.index("\nUSER ") > text.rindex("\nRUN ")
    assert not re.search(r"apt-get|gcc|build-essential|ENTRYPOINT", text)
    assert "--no-cache-dir" in text
    assert _of(name, "VOLUME") == ["/data"]
    for variable in ("THAW_HOME", "KERAS_HOME", "THAW_EXPORT_TOOLS", "HOME"):
        assert by_hand.environment(_read(name))[variable].startswith("/data")


@pytest.mark.parametrize("name", DOCKERFILES)
def test_an_image_starts_the_app_on_the_port_that_it_tells_of(name: str):
    [command], [health], [port] = (_of(name, w) for w in ("CMD", "HEALTHCHECK", "EXPOSE"))

    options = _options(json.loads(command))

    assert (options.address, str(options.port)) == ("0.0.0.0", PORT)
    assert port == PORT
    assert json.loads(health.partition(" CMD ")[2]) == ["python", "deploy/healthy.py"]


@pytest.mark.parametrize("name", DOCKERFILES)
def test_an_image_installs_lists_that_are_there_without_those_of_tests(name: str):
    [install] = [rest for rest in _of(name, "RUN") if "pip install" in rest]
    lists = re.findall(r"-r (requirements[\w-]*\.txt)", install)
    copied = " ".join(_of(name, "COPY")).split()

    assert "requirements.txt" in lists
    assert "requirements-test.txt" not in lists
    assert ("requirements-gpu.txt" in lists) is name.endswith(".gpu")
    assert set(lists) <= set(copied)
    tools = re.findall(r"^[\w-]+", (ROOT / "requirements-test.txt").read_text(), re.M)
    app = (ROOT / "requirements.txt").read_text()
    assert not [tool for tool in tools if f"\n{tool}" in app]


def test_both_images_differ_in_what_a_gpu_needs_alone():
    one, other = ((ROOT / name).read_text().splitlines() for name in DOCKERFILES)

    more = [line for line in other if line not in one]
    assert all(re.search(r"GPU|NVIDIA|requirements-gpu|driver", line) for line in more)


def test_compose_has_services_that_are_closed_and_keep_their_work():
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    found = yaml.load(text, _Reset)
    services = found["services"]
    app = services["thaw"]

    assert set(services) == {"thaw", "gpu", "head", "node"}
    assert "profiles" not in app
    assert app["volumes"] == ["workspace:/data"]
    assert "workspace" in found["volumes"]
    assert app["ports"] == [f"${{THAW_LISTEN:-127.0.0.1:{PORT}}}:{PORT}"]
    assert (app["read_only"], app["init"], app["cap_drop"]) == (True, True, ["ALL"])
    for name in ("gpu", "head", "node"):
        assert services[name]["extends"] == {"service": "thaw"}
        assert services[name]["profiles"]
    assert (ROOT / services["gpu"]["build"]["dockerfile"]).exists()
    assert (ROOT / "requirements-cluster.txt").exists()
    for name in ("head", "node"):
        assert services[name]["build"] == {"args": {"MORE": "requirements-cluster.txt"}}
        shell, script, *_ = services[name]["command"]
        assert (shell, (ROOT / script).exists()) == ("sh", True)
        assert services[name]["environment"]["THAW_EXECUTOR"] == "ray:head:6379"
        assert services[name]["environment"]["RAY_AUTH_MODE"] == "token"


def test_the_cluster_is_started_as_its_page_says():
    script = (ROOT / "deploy/cluster.sh").read_text(encoding="utf-8")
    told = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")

    for option in ("--head", "--port=6379", "--num-cpus=0", "--include-dashboard=false"):
        assert option in script
        assert option in told
    [start] = re.findall(r"exec (python -m core .*)", script)
    assert str(_options(start.split()).port) == PORT
    given = {**os.environ, "RAY_AUTH_TOKEN": "t"}
    for command in ("", "node", "head elsewhere"):
        asked = ["sh", str(ROOT / "deploy/cluster.sh"), *command.split()]
        done = subprocess.run(asked, env=given, capture_output=True, text=True)
        assert (done.returncode, "Say 'head'" in done.stderr) == (2, True)


def _unit() -> configparser.ConfigParser:
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string((ROOT / "deploy/thaw.service").read_text(encoding="utf-8"))
    return found


def test_the_service_runs_as_nobody_else_behind_a_proxy_on_this_machine():
    service = _unit()["Service"]
    program, *words = service["ExecStart"].split()

    options = _options(["python", *words])

    assert (service["User"], service["ProtectSystem"]) == ("thaw", "strict")
    assert program == f"{service['WorkingDirectory']}/.venv/bin/python"
    assert (options.classroom, options.address, str(options.port)) == (True, "127.0.0.1", PORT)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_finds_nothing_wrong_with_the_service(tmp_path: Path):
    text = (ROOT / "deploy/thaw.service").read_text(encoding="utf-8")
    unit = tmp_path / "thaw.service"
    unit.write_text(text.replace(_unit()["Service"]["ExecStart"].split()[0], sys.executable))

    done = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_proxies_pass_on_web_sockets_the_name_and_bodies_of_any_size():
    nginx = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    caddy = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")

    for line in (
        f"proxy_pass http://127.0.0.1:{PORT};",
        "proxy_http_version 1.1;",
        "proxy_set_header Host $http_host;",
        "proxy_set_header Upgrade $http_upgrade;",
        "proxy_set_header X-Forwarded-Proto https;",
        "client_max_body_size 0;",
    ):
        assert line in nginx
    assert f"reverse_proxy 127.0.0.1:{PORT}" in caddy


def test_the_page_about_it_names_what_is_there():
    named = set(re.findall(r"`((?:deploy|docs|tools)/[\w.-]+|[\w-]+\.txt|Dockerfile[\w.]*)`", DOC))

    assert {"Dockerfile", "deploy/thaw.service", "deploy/nginx.conf"} <= named
    assert [name for name in named if not (ROOT / name).exists()] == []
    for line in re.findall(r"python -m core ([^`#\n]+)", DOC):
        assert parser.parse(line.split(), "en"), line
    for text in ("compose.yaml", *DOCKERFILES):
        variables = re.findall(r"\b(THAW_[A-Z_]+)\b", (ROOT / text).read_text(encoding="utf-8"))
        assert [name for name in variables if name not in DOC] == []
    assert CONFIG["server"]["address"] == "127.0.0.1"


@pytest.fixture
def place() -> Iterator[str]:
    """Serve what the app answers to a health check, under a path."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/thaw/_stcore/health" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield str(server.server_port)
    server.shutdown()
    server.server_close()


def test_health_is_asked_of_the_app_under_its_path(place: str):
    at = {"STREAMLIT_SERVER_PORT": place, "STREAMLIT_SERVER_BASE_URL_PATH": "/thaw/"}

    assert healthy.is_healthy(at)
    assert not healthy.is_healthy({"STREAMLIT_SERVER_PORT": place})
    assert not healthy.is_healthy({"STREAMLIT_SERVER_PORT": "1"})


def test_a_dockerfile_is_read_as_docker_reads_it():
    text = "# a note\nFROM python:3\nENV A=1 \\\n    PATH=/x:$PATH\nRUN one \\\n    && two\n"

    read = by_hand.steps(text)

    assert [step.word for step in read] == ["FROM", "ENV", "RUN"]
    assert read[2].rest == "one && two"
    assert by_hand.environment(read)["A"] == "1"
    assert by_hand.environment(read)["PATH"].startswith("/x:/usr/local/bin:")


def test_the_last_pattern_that_fits_decides_what_is_left_out():
    rules = ["*", "!core", "**/*.mo", "!core/kept.mo"]

    assert by_hand.ignored("other/a.py", rules)
    assert not by_hand.ignored("core/a/b.py", rules)
    assert by_hand.ignored("core/a/b.mo", rules)
    assert not by_hand.ignored("core/kept.mo", rules)


CAN_LAYER = sys.platform.startswith("linux") and os.geteuid() == 0 and shutil.which("unshare")


@pytest.mark.slow
@pytest.mark.skipif(not CAN_LAYER, reason="needs root and namespaces of Linux")
def test_the_steps_of_the_image_end_in_an_app_that_is_well_and_not_root(tmp_path: Path, free_port):
    libraries = Path(sysconfig.get_path("purelib"))

    said = by_hand.build(tmp_path / "image", libraries=libraries, port=free_port)

    assert "HEALTHY" in said
    assert "Access code:" in said
    assert "OWNED BY 10001, 700: /data/workspace" in said
    assert (tmp_path / "image/written/opt/thaw/core/locale/zh_CN/LC_MESSAGES/thaw.mo").exists()
    assert not Path("/data").exists()


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
@pytest.mark.skipif(not HAS_DOCKER, reason="no Docker is running here")
def test_the_image_is_built_and_gets_well(free_port):
    at = {
        **os.environ,
        "THAW_LISTEN": f"127.0.0.1:{free_port}",
        "COMPOSE_PROJECT_NAME": "thaw-test",
    }
    compose = ["docker", "compose", "--file", str(ROOT / "compose.yaml")]
    subprocess.run([*compose, "--profile", "*", "config", "--quiet"], env=at, check=True)

    try:
        subprocess.run([*compose, "up", "--build", "--detach", "--wait"], env=at, check=True)
        who = [*compose, "exec", "thaw", "id", "--user"]
        assert (
            subprocess.run(who, env=at, capture_output=True, check=True).stdout.strip() == b"10001"
        )
    finally:
        subprocess.run([*compose, "down", "--volumes"], env=at, check=True)


@pytest.mark.skipif(os.name == "nt", reason="a script of a shell")
@pytest.mark.parametrize("arguments", [["head"], ["node", "head:6379"]])
def test_no_part_of_a_cluster_begins_without_a_token(tmp_path: Path, arguments: list[str]):
    began = tmp_path / "ray"
    began.write_text("#!/bin/sh\necho mode $RAY_AUTH_MODE; exit 3\n")
    began.chmod(0o700)

    def start(**given: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path), **given}
        command = ["sh", "deploy/cluster.sh", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    refused, begun = start(), start(RAY_AUTH_TOKEN="t", RAY_AUTH_MODE="")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("error: There is no token")
    assert (begun.returncode, begun.stdout) == (3, "mode token\n")
