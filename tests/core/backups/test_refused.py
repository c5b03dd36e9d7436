"""What is no whole backup is refused, and nothing comes of it."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from core import files
from core.backups import checking, restoring
from core.backups.manifest import MANIFEST, Manifest
from core.errors import UserError

Change = Callable[[dict[str, bytes]], object]


def rewritten(path: Path, change: Change, *, renew: bool = True) -> Path:
    """Write a backup anew after a change of its entries; its list fits again where asked."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    manifest = files.decode(Manifest, entries.pop(MANIFEST).decode())
    if renew:
        known = {file.name for file in manifest.files}
        added = [
            replace(manifest.files[0], name=n, size=len(d), sha256=sha256(d).hexdigest())
            for n, d in entries.items()
            if n not in known
        ]
        manifest = replace(manifest, files=(*manifest.files, *added))
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
        archive.writestr(MANIFEST, files.encode(manifest))
    return path


def first(entries: dict[str, bytes]) -> str:
    return next(name for name in entries if name.endswith("config.json"))


TORN: dict[str, Change] = {
    "changed": lambda e: e.update({first(e): e[first(e)] + b" "}),
    "same length": lambda e: e.update({first(e): e[first(e)][::-1]}),
    "missing": lambda e: e.pop(first(e)),
    "too much": lambda e: e.update({"runs/x/config.json": b"{}"}),
}


@pytest.mark.parametrize("change", TORN.values(), ids=TORN)
def test_a_backup_that_was_changed_is_refused_and_nothing_is_made(packed, tmp_path, change):
    rewritten(packed, change, renew=False)

    with pytest.raises(UserError, match=r"This is no whole backup: .* nothing was changed here"):
        restoring.restore(packed, tmp_path / "new")

    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.zip"]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../x",
            "/tmp/x",
            "runs/../../x",
            "runs//x",
            "runs/./x",
            "C:x",
            "runs\\..\\x",
            "runs/a:b",
        ),
        *("cache/x", "secret.key", "staging/x/state.json", "app.lock", "elsewhere", "runs", "a/b"),
        *("classroom/workspaces/x/classroom/people/a.json", "classroom/workspaces/x/secret.key"),
        *("classroom/serving.json", "classroom/workspaces/x", "runs/a\x00b", "trash/runs/x"),
        *("runs/" + "é" * 250, "runs/" + "a/" * 2000 + "b"),
    ],
)
def test_a_file_that_would_lie_elsewhere_is_refused(packed, tmp_path, name):
    rewritten(packed, lambda e: e.update({name: b"x"}))

    with pytest.raises(UserError, match="This is no whole backup"):
        restoring.restore(packed, tmp_path / "new")

    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.zip"]


def test_a_name_that_is_a_file_and_a_folder_is_refused(packed, tmp_path):
    rewritten(packed, lambda e: e.update({"runs/x": b"x", "runs/x/config.json": b"{}"}))

    with pytest.raises(UserError, match="'runs/x' is a file and a folder"):
        restoring.restore(packed, tmp_path / "new")


def test_a_backup_that_lacks_a_piece_in_the_middle_is_refused(packed, tmp_path):
    data = packed.read_bytes()
    packed.write_bytes(data[:500] + data[900:])

    with pytest.raises(UserError, match="This is no whole backup"):
        restoring.restore(packed, tmp_path / "new")


@pytest.mark.parametrize("num", [0, 1, 30, -1, -30, 0.5])
def test_a_backup_that_was_cut_off_is_refused(packed, tmp_path, num):
    data = packed.read_bytes()
    packed.write_bytes(data[: int(len(data) * num) if isinstance(num, float) else num])

    with pytest.raises(UserError, match="This is no whole backup"):
        restoring.restore(packed, tmp_path / "new")


@pytest.mark.parametrize(
    ("list_of", "said"),
    [
        ('{"format": 2, "made_at": 0, "files": []}', "newer than this Thaw"),
        ('{"format": 3, "entries": {"a": 1}, "files": "elsewhere"}', "newer than this Thaw"),
        ('{"format": "1", "made_at": 0, "files": []}', "list is damaged"),
        ('{"format": 1, "made_at": 0, "files": [{"name": 1, "size": 1, "sha256": ""}]}', "damaged"),
        (
            '{"format": 1, "made_at": 0, "files": [{"name": "a", "size": -1, "sha256": ""}]}',
            "damag",
        ),
        ('{"format": 1, "made_at": 0, "files": [], "folders": ["../x"]}', "does not belong"),
        (
            '{"format": 1, "made_at": 0, "files": [{"name": "runs/a", "size": 1, "sha256": "", '
            '"same_as": "runs/b"}]}',
            "damaged or was changed",
        ),
        (
            '{"format": 1, "made_at": 0, "files": [{"name": "runs/a", "size": 1, "sha256": "", '
            '"same_as": "runs/a"}]}',
            "damaged or was changed",
        ),
        ("[" * 5000, "list is damaged"),
        ("7", "list is damaged"),
        ("", "list is damaged"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path, list_of, said):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr(MANIFEST, list_of)

    with pytest.raises(UserError, match=said):
        restoring.restore(tmp_path / "all.zip", tmp_path / "new")


def test_what_would_swell_or_is_there_twice_is_refused(packed):
    with zipfile.ZipFile(packed) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == MANIFEST else None)
    with pytest.raises(UserError, match="is damaged or was changed"):
        checking.verify(packed)

    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(name, data)
    with pytest.raises(UserError, match="twice"):
        checking.verify(packed)
