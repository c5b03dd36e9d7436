"""What `docs/security.md` promises: that its tests are there, and what errors tell others."""

import re
import tomllib
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from core.web import routes

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_the_promises_name_is_there():
    named: dict[str, set[str]] = {}
    for path, names in re.findall(r"`(tests/[\w/]+\.py)`:((?:\s*`test_\w+`,?)+)", TEXT):
        named.setdefault(path, set()).update(re.findall(r"test_\w+", names))

    missing = {
        (path, name)
        for path, names in named.items()
        for name in names
        if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    }
    assert missing == set(), "docs/security.md names these tests"
    assert sum(map(len, named.values())) == len(re.findall(r"`test_\w+`", TEXT))
    assert all((ROOT / path).exists() for path in re.findall(r"`(tests/[\w/]+\.py)`", TEXT))


def test_an_unexpected_error_tells_a_browser_nothing():
    def fail(_: object) -> None:
        raise RuntimeError("the password is zebra")

    app = Starlette(routes=[Route("/", routes._explained(fail))])
    answer = TestClient(app, raise_server_exceptions=False).get("/")

    assert answer.status_code == 500
    assert answer.text == "Internal Server Error"
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["client"]["showErrorDetails"] == "type"
