"""The exported web page of a real run, opened as a file: it answers as Predict, and asks nobody."""

import base64
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import datasets, runs
from core.exports import environments, store
from core.exports.browser import placing
from core.exports.formats import EXPORT_FORMATS
from core.models import presets
from core.records import Export, Prediction
from core.records.requests import TrainRun
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.workspace import Workspace
from tests import builders
from tests.e2e.test_accessibility import faults

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync_api.expect
pytestmark = pytest.mark.slow
TURNED = 5, 6, 8  # EXIF: held sideways, and mirrored, too
PASTE = """async data => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0))
  const clipboardData = new DataTransfer()
  clipboardData.items.add(new File([bytes], "pasted.png", { type: "image/png" }))
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData }))
}"""
ASK = """async ([name, data]) => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0))
  return await thaw.answerFile(new File([bytes], name))
}"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Export]]:
    """Solve a head on the starter's backbone, and export it."""
    if missing := environments.missing([EXPORT_FORMATS["browser"]]):
        pytest.skip(f"`python -m core export-setup` installs {missing[0].name}")
    ws = Workspace(tmp_path_factory.mktemp("page"))
    dataset = builders.make_dataset(ws, num=40)
    config = presets.configure(dataset.id, preset="quick", backbone="ThawStarter", image_size=96)
    run_id = runs.create(ws, config)
    with closing(EngineProcess("train", ws)) as process:
        process.ask(TrainRun(run_id=run_id))
    with closing(Engine(ws)) as engine:
        yield ws, store.make(ws, run_id, "browser", engine, lambda message: None)


def photos(folder: Path) -> list[Path]:
    """Draw what browsers and Pillow might read in different ways."""
    rng, made = np.random.default_rng(1), []
    small = rng.integers(0, 256, (6, 8, 3), np.uint8)
    picture = Image.fromarray(small).resize((400, 300), Image.Resampling.BICUBIC)
    for kind, suffix in (("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".webp")):
        for orientation in TURNED:
            exif = Image.Exif()
            exif[274] = orientation
            made.append(folder / f"turned{orientation}{suffix}")
            picture.save(made[-1], kind, exif=exif)
    clear = picture.copy()
    clear.putalpha(Image.linear_gradient("L").resize(picture.size))
    for name in ("clear.png", "clear.webp"):
        made.append(folder / name)
        clear.save(made[-1])
    return made


def test_the_gate_let_it_through_and_says_how_near_it_is(made):
    _, export = made

    assert export.parity is not None
    assert export.parity.passed
    assert export.parity.files >= 10
    assert export.parity.max_difference < 0.05


def test_a_file_is_answered_as_predict_does_without_a_request(made, new_page, tmp_path: Path):
    ws, export = made
    run_id = Path(export.path).parents[2].name
    dataset = runs.get(ws, run_id).config.dataset_id
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    address = Path(export.path).as_uri()
    page.goto(address)
    expect(page.locator("#status")).to_have_text("Ready.")
    held = list(datasets.images(ws, dataset))[:3]
    paths = [datasets.image_path(ws, dataset, one) for one in held]
    paths += photos(tmp_path)

    with closing(Engine(ws)) as engine:
        said = engine.predict(run_id, paths)
    for path, expected in zip(paths, said, strict=True):
        _compare(page, path, expected)
    page.locator("#files").set_input_files(str(paths[0]))

    first = page.locator(".card").first
    expect(first.locator(".said, .note").filter(has_text=said[0].label).first).to_be_visible()
    expect(first.locator(".bars li")).to_have_count(len(said[0].scores))
    assert [one for one in asked if not one.startswith("data:")] == [address]


def _compare(page, path: Path, expected: Prediction) -> None:
    data = base64.b64encode(path.read_bytes()).decode()
    given = page.evaluate(ASK, [path.name, data])
    bars = {bar["label"]: bar["share"] for bar in given["bars"]}
    for score in expected.scores:
        assert bars[score.label] == pytest.approx(score.probability, abs=0.05), path.name


def test_the_page_is_used_by_keys_by_camera_and_in_two_languages(made, new_page, tmp_path: Path):
    _, export = made
    placing.copy(export, tmp_path / "page.html")
    page = new_page(width=390, locale="zh-TW", color_scheme="dark", bypass_csp=True)
    page.goto((tmp_path / "page.html").as_uri())
    expect(page.locator("#status")).to_have_text("已就绪。")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.get_by_role("combobox", name="语言").select_option("English")
    expect(page.locator("#status")).to_have_text("Ready.")

    page.get_by_role("combobox", name="Language").focus()
    page.keyboard.press("Tab")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    (tmp_path / "table.csv").write_text("a,b")
    chooser.value.set_files(str(tmp_path / "table.csv"))
    expect(page.locator(".problem").first).to_contain_text("reads JPEG, PNG and WebP")

    picture = BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    page.evaluate(PASTE, base64.b64encode(picture.getvalue()).decode())
    expect(page.locator(".card").first.locator(".said")).not_to_be_empty()
    expect(page.locator(".card").first.locator("h2")).to_have_text("pasted.png")

    page.get_by_role("button", name="Start the camera").press("Enter")
    expect(page.locator("#liveAnswer .bars li").first).to_be_visible()
    found = list(faults(page))
    page.get_by_role("button", name="Keep this picture").press("Enter")
    expect(page.locator(".card")).to_have_count(3)
    tracks = "document.querySelector('#video').srcObject.getTracks()"
    page.evaluate(f"window.tracks = {tracks}")
    page.get_by_role("button", name="Stop the camera").press("Enter")
    assert page.evaluate("tracks.map(track => track.readyState)") == ["ended"]
    expect(page.locator("#live")).to_be_hidden()

    page.locator("summary").first.press("Enter")
    expect(page.get_by_text("classes apart")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [*found, *faults(page)] == []


def test_the_folder_says_that_it_wants_a_web_server(made, new_page, tmp_path: Path):
    _, export = made
    placing.copy(export, tmp_path / "page")
    page = new_page()

    page.goto((tmp_path / "page" / "index.html").as_uri())

    expect(page.locator("#status")).to_contain_text("only from a web server")
    expect(page.get_by_role("button", name="Start the camera")).to_be_disabled()
