"""What exports need is installed on demand, whole or not at all, also from a folder of wheels."""

import zipfile
from pathlib import Path

import pytest

from core.errors import UserError
from core.exports import environments
from core.exports.environments import ENVIRONMENTS
from core.exports.formats import EXPORT_FORMATS
from core.words import render

CONVERTERS = ENVIRONMENTS["converters"]


@pytest.fixture(autouse=True)
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THAW_EXPORT_TOOLS", str(tmp_path / "tools"))
    monkeypatch.delenv("THAW_WHEELS", raising=False)
    return tmp_path / "tools"


def wheel(folder: Path, name: str, version: str) -> None:
    """Write a package that holds nothing."""
    folder.mkdir(exist_ok=True)
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{module}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{module}/__init__.py", "")
        tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", tag)
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        archive.writestr(f"{info}/METADATA", about)
        archive.writestr(f"{info}/RECORD", "")


def test_every_need_of_a_format_can_be_installed_and_is_pinned():
    for entry in EXPORT_FORMATS.values():
        assert set(entry.needs) <= ENVIRONMENTS.keys()
        assert entry.runtime in {"", "tensorflow", *entry.needs}
        assert entry.reads == () or entry.file_limits is not None
    for environment in ENVIRONMENTS.values():
        pins = environments._pins(environment)
        assert all("=" in pin for pin in pins)
        assert not [pin for pin in pins if pin.startswith(("tensorflow", "keras"))]


def test_first_set_up_installs_none_of_it():
    text = (environments.ROOT / "requirements.txt").read_text()

    for name in ("tf2onnx", "onnx", "onnxruntime", "ai-edge-litert"):
        assert f"\n{name}~" not in text
        assert f"\n{name}~" in (environments.ROOT / "requirements-export.txt").read_text()


def test_what_is_missing_is_said_with_its_size():
    with pytest.raises(UserError, match=r"the converter to ONNX, the runtime of ONNX \(75 MB"):
        environments.check_installed(EXPORT_FORMATS["onnx"])

    environments.check_installed(EXPORT_FORMATS["savedmodel"])
    assert render(environments.state_of(EXPORT_FORMATS["keras"])) == "ready"


def test_converters_come_from_a_folder_of_wheels(tools: Path, tmp_path: Path):
    wheel(tmp_path / "wheels", "tf2onnx", "1.17.0")
    wheel(tmp_path / "wheels", "onnx", "1.23.2")
    told = []

    environments.install(
        [CONVERTERS], lambda share, line: told.append((share, line)), tmp_path / "wheels"
    )

    assert (environments.folder_of("converters") / "tf2onnx" / "__init__.py").exists()
    assert told[-1] == (1.0, "")
    assert any("tf2onnx" in line for _, line in told)
    assert CONVERTERS not in environments.missing(list(EXPORT_FORMATS.values()))


def test_an_installation_that_fails_leaves_nothing_and_says_why(tools: Path, tmp_path: Path):
    (tmp_path / "wheels").mkdir()

    with pytest.raises(UserError, match=r"the converter to ONNX failed: .*tf2onnx"):
        environments.install([CONVERTERS], lambda share, line: None, tmp_path / "wheels")

    assert list(tools.iterdir()) == []


def test_a_folder_of_wheels_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(UserError, match="There is no folder"):
        environments.install([CONVERTERS], lambda share, line: None, tmp_path / "nowhere")


def test_the_page_needs_a_browser_to_be_tried_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("THAW_BROWSER", str(tmp_path / "none"))
    environments.folder_of("browser").mkdir(parents=True)
    page = EXPORT_FORMATS["browser"]

    with pytest.raises(UserError, match="No Chromium, Chrome or Edge was found"):
        environments.check_installed(page)

    assert render(environments.state_of(page)) == "needs Chromium, Chrome or Edge on this machine"


def test_the_runtime_of_the_page_comes_from_the_folder_of_wheels_too(tmp_path: Path):
    (tmp_path / "wheels").mkdir()

    with pytest.raises(UserError, match="tgz' is not in that folder"):
        environments.install(
            [ENVIRONMENTS["browser"]], lambda share, line: None, tmp_path / "wheels"
        )

    assert environments.missing([EXPORT_FORMATS["browser"]]) == (ENVIRONMENTS["browser"],)
