"""A package of npm comes from a folder or by npm, is the pinned one, and is whole."""

import base64
import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import UserError
from core.exports import npm_package
from core.exports.npm_package import NodePackage


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    with tarfile.open(folder / "some-thing-1.2.3.tgz", "w:gz") as archive:
        for name in ("package/dist/a.js", "package/../../out.js", "package/more.js"):
            entry = tarfile.TarInfo(name)
            entry.size = 3
            archive.addfile(entry, io.BytesIO(b"abc"))
    return folder


@pytest.fixture
def package(source: Path) -> NodePackage:
    digest = hashlib.sha512((source / "some-thing-1.2.3.tgz").read_bytes()).digest()
    return NodePackage(
        name="@some/thing",
        version="1.2.3",
        sha512=base64.b64encode(digest).decode(),
        files=("dist/a.js",),
    )


def test_what_is_needed_is_unpacked_and_nothing_else(package, source: Path, tmp_path: Path):
    npm_package.fetch(package, tmp_path / "to" / "there", source, lambda line: None)

    assert (tmp_path / "to" / "there" / "dist" / "a.js").read_bytes() == b"abc"
    assert [p.name for p in (tmp_path / "to").rglob("*") if p.is_file()] == ["a.js"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": "1.2.4"}, "'some-thing-1.2.4.tgz' is not in that folder"),
        ({"sha512": "another"}, "'some-thing-1.2.3.tgz' is damaged or another one"),
    ],
)
def test_what_is_not_that_package_is_refused(package, source, tmp_path: Path, change, told: str):
    with pytest.raises(UserError, match=told) as refused:
        npm_package.fetch(replace(package, **change), tmp_path / "to", source, lambda line: None)

    assert "npm pack @some/thing@1.2" in refused.value.render()["mend"]
    assert not (tmp_path / "to").exists()


def test_without_npm_that_is_said(package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UserError, match="the program 'npm' is not on this machine"):
        npm_package.fetch(package, tmp_path / "to", None, lambda line: None)


def test_what_npm_says_is_said(package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error code E404' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    told = []

    with pytest.raises(UserError, match="npm error code E404"):
        npm_package.fetch(package, tmp_path / "to", None, told.append)

    assert told == ["npm pack @some/thing@1.2.3"]
