"""The Data page in a real browser: folders, archives, the camera, a reload in the middle."""

import re
import zipfile
from pathlib import Path

import pytest

from core import datasets
from core.workspace import Workspace
from tests import builders
from tests.corpus import zips
from tests.e2e.conftest import Server, figure

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page


def upload(page: Page, server: Server, what: Path, *, field: str = "#folder") -> None:
    page.goto(f"{server.url}/data?view=bring")
    page.locator(field).set_input_files(what)
    page.get_by_role("button", name="Upload", exact=True).click()


@pytest.mark.parametrize("num", [4, pytest.param(100, marks=pytest.mark.slow)])
def test_a_folder_of_many_files_arrives_whole(server: Server, page: Page, tmp_path: Path, num: int):
    folder = builders.write_folder(tmp_path / "shades", num=num, classes=("red", "green", "blue"))
    (folder / "red" / ".DS_Store").write_bytes(b"junk")
    (folder / "notes.md").write_text("not an image")

    page.goto(f"{server.url}/data")
    page.locator("#folder").set_input_files(folder)
    expect(page.get_by_role("status").filter(has_text=f"Images: {3 * num}")).to_be_visible()
    expect(
        page.get_by_text("Left out because they are no images or cannot be read: 2")
    ).to_be_visible()
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(figure(page, "Images")).to_contain_text(str(3 * num))
    expect(page).to_have_url(re.compile(r"dataset="))
    [dataset] = datasets.all_datasets(Workspace(server.home))
    assert dataset.name == "shades"
    assert [row.count for row in dataset.classes] == [num, num, num]
    unsent = [r.file for r in datasets.report(Workspace(server.home), dataset.id) if r.reason]
    assert unsent == ["shades/notes.md", "shades/red/.DS_Store"]


def drop(page: Page, *paths: Path) -> None:
    """Drop files and folders on the upload zone as a mouse does, with entries of the disk."""
    box = page.locator("#zone").bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 4}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})


def test_a_folder_dropped_by_mouse_arrives_whole(server: Server, page: Page, tmp_path: Path):
    folder = builders.write_folder(tmp_path / "shades", num=3)
    for seed in range(3, 130):  # readers give 100 at a time
        builders.write_image(folder / "red" / f"red_{seed}.png", seed=seed)
    builders.write_image(folder / "blue" / "deep" / "er" / "1.png", colour=2)
    (folder / "blue" / "notes.md").write_text("not an image")
    page.goto(f"{server.url}/data")
    expect(page.locator("#zone")).to_be_visible()

    drop(page, folder)
    expect(page.get_by_role("status").filter(has_text="Images: 134")).to_be_visible()
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(figure(page, "Images")).to_contain_text("134")
    [dataset] = datasets.all_datasets(Workspace(server.home))
    assert {row.name: row.count for row in dataset.classes} == {"red": 130, "green": 3, "blue": 1}
    assert (dataset.name, dataset.num_junk) == ("shades", 1)


@pytest.mark.slow
def test_what_cannot_be_read_of_a_dropped_folder_is_left_out(
    server: Server, page: Page, tmp_path: Path
):
    folder = builders.write_folder(tmp_path / "shades", num=4)
    photo = builders.write_image(folder / "red" / "photo.jpg")
    photo.rename(photo.with_suffix(".mpo"))
    builders.write_image(folder / "closed" / "1.png")
    page.goto(f"{server.url}/data")
    expect(page.locator("#zone")).to_be_visible()
    page.evaluate(SOME_IS_UNREADABLE)

    drop(page, folder)
    expect(page.get_by_role("status").filter(has_text="Images: 8")).to_be_visible()
    expect(page.get_by_text("no images or cannot be read: 2")).to_be_visible()
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(figure(page, "Images")).to_contain_text("8")
    ws = Workspace(server.home)
    [dataset] = datasets.all_datasets(ws)
    unsent = [r.file for r in datasets.report(ws, dataset.id) if r.reason]
    assert unsent == ["shades/closed", "shades/red/red_0.png"]


SOME_IS_UNREADABLE = """() => {
    const refuse = (ok, no) => no(new Error("NotReadableError"))
    const some = entry => {
        if (entry.name === "red_0.png") return { name: entry.name, isFile: true, file: refuse }
        if (entry.isFile) return entry
        const reader = entry.createReader()
        const read = ok => reader.readEntries(entries => ok(entries.map(some)))
        const readEntries = entry.name === "closed" ? refuse : read
        return { name: entry.name, isFile: false, createReader: () => ({ readEntries }) }
    }
    const { webkitGetAsEntry } = DataTransferItem.prototype
    DataTransferItem.prototype.webkitGetAsEntry = function () {
        return some(webkitGetAsEntry.call(this))
    }
}"""


@pytest.mark.slow
def test_several_folders_dropped_at_once_are_classes(server: Server, page: Page, tmp_path: Path):
    folder = builders.write_folder(tmp_path / "shades", num=3)
    page.goto(f"{server.url}/data")
    expect(page.locator("#zone")).to_be_visible()

    drop(page, folder / "red", folder / "green")
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(figure(page, "Images")).to_contain_text("6")
    [dataset] = datasets.all_datasets(Workspace(server.home))
    assert [row.name for row in dataset.classes] == ["green", "red"]


TSV = "file\tlabel\n1.png\tcat\n2.png\tcat\n3.png\tdog\n"
JSON_LINES = """\
{"file_name": "1.png", "label": "cat"}
{"file_name": "2.png", "label": "cat"}
{"file_name": "3.png", "label": "dog"}
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("labels.tsv", TSV),
        pytest.param("metadata.jsonl", JSON_LINES, marks=pytest.mark.slow),
    ],
)
def test_a_list_of_labels_in_the_folder_gives_the_classes(
    server: Server, page: Page, tmp_path: Path, name: str, text: str
):
    for number in (1, 2, 3):
        builders.write_image(tmp_path / "pets" / f"{number}.png", seed=number)
    (tmp_path / "pets" / name).write_text(text)

    upload(page, server, tmp_path / "pets")

    expect(figure(page, "Images")).to_contain_text("3")
    [dataset] = datasets.all_datasets(Workspace(server.home))
    assert {row.name: row.count for row in dataset.classes} == {"cat": 2, "dog": 1}


def test_a_zip_arrives_and_its_bad_file_is_reported(server: Server, page: Page, tmp_path: Path):
    folder = builders.write_folder(tmp_path / "colours", num=6)
    (folder / "red" / "broken.jpg").write_bytes(b"\xff\xd8 not a photo")
    archive = tmp_path / "colours.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for path in sorted(folder.rglob("*.*")):
            out.write(path, path.relative_to(tmp_path))

    upload(page, server, archive, field="#files")

    expect(figure(page, "Images")).to_contain_text("12")
    expect(figure(page, "Refused files")).to_contain_text("1")
    page.get_by_role("radio", name="Check").click()
    expect(page.get_by_text("red/broken.jpg' was refused.")).to_be_visible()
    page.get_by_text("What became of every file").click()
    expect(page.get_by_text("Refused (1)")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "broken.jpg" in Path(download.value.path()).read_text(encoding="utf-8-sig")


@pytest.mark.slow
def test_names_in_an_uploaded_zip_are_chosen_from_a_preview(
    server: Server, page: Page, tmp_path: Path
):
    archive = tmp_path / "animals.zip"
    archive.write_bytes(zips.in_encoding("gbk", ("猫/1.png", "小狗/2.png")))

    upload(page, server, archive, field="#files")
    expect(page.get_by_text("Which of these reads right?")).to_be_visible()
    expect(page.get_by_text("猫/1.png")).to_be_visible()
    page.get_by_role("button", name="Go on with these names").click()

    expect(figure(page, "Images")).to_contain_text("2")
    [dataset] = datasets.all_datasets(Workspace(server.home))
    assert {row.name for row in dataset.classes} == {"猫", "小狗"}


@pytest.mark.slow
def test_a_reload_in_the_middle_of_an_ingest_finds_it_again(
    server: Server, page: Page, tmp_path: Path
):
    upload(page, server, builders.write_folder(tmp_path / "many", num=200))
    page.wait_for_url(re.compile("ingest="))
    page.reload()

    expect(figure(page, "Images")).to_contain_text("400")
    expect(page).not_to_have_url(re.compile("ingest="))


def test_an_ingest_goes_on_while_the_server_restarts(server: Server, page: Page, tmp_path: Path):
    upload(page, server, builders.write_folder(tmp_path / "many", num=200))
    page.wait_for_url(re.compile("ingest="))
    address = page.url

    server.restart()
    page.goto(address)

    expect(figure(page, "Images")).to_contain_text("400")


def test_the_uploader_is_reached_and_used_by_keyboard(server: Server, page: Page):
    page.goto(f"{server.url}/data")
    button = page.get_by_role("button", name="Choose a folder")
    expect(button).to_be_visible()

    with page.expect_file_chooser():
        button.press("Enter")


def test_frames_of_the_camera_become_a_class(server: Server, new_page):
    page = new_page(permissions=["camera"])
    page.goto(f"{server.url}/data?way=classes")
    page.get_by_label("Class", exact=True).fill("me")
    page.get_by_text("Camera", exact=True).click()
    record = page.get_by_role("button", name="Hold to record")
    page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some(e =>"
        " e.shadowRoot?.querySelector('video')?.videoWidth)"
    )

    record.focus()
    page.keyboard.down("Space")
    expect(page.get_by_text(re.compile(r"Images taken: ([5-9]|\d\d)"))).to_be_visible()
    page.keyboard.up("Space")

    expect(page.get_by_role("button", name=re.compile("Make a data set of"))).to_be_visible()
    expect(figure(page, "me")).to_be_visible()


@pytest.mark.slow
def test_thumbnails_are_shown_and_fit_a_phone(server: Server, new_page):
    dataset = builders.make_dataset(Workspace(server.home), num=30)
    page = new_page(width=390)

    page.goto(f"{server.url}/data?dataset={dataset.id}&part=images")
    picture = page.locator("img[alt*='class green']").first

    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()  # those out of sight are not fetched
    page.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def test_a_data_set_is_deleted_after_a_question(server: Server, page: Page):
    ws = Workspace(server.home)
    builders.make_dataset(ws, name="old")

    page.goto(f"{server.url}/data")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Delete…").click()
    expect(page.get_by_role("button", name="Rename", include_hidden=True)).to_have_count(0)
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()

    expect(page.get_by_role("button", name="Choose a folder")).to_be_visible()
    assert datasets.ids(ws) == []


@pytest.mark.slow
def test_images_are_added_to_a_class(server: Server, page: Page, tmp_path: Path):
    upload(page, server, builders.write_folder(tmp_path / "colours", num=6))
    expect(figure(page, "Images")).to_contain_text("12")
    page.get_by_role("radio", name="Add").click()
    more = [builders.write_image(tmp_path / f"n{i}.png", colour=0, seed=50 + i) for i in range(3)]
    page.get_by_label("Class of the new images").click()
    page.get_by_role("option", name="red").click()
    page.locator("#files").set_input_files(more)
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(figure(page, "Images")).to_contain_text("15")


@pytest.mark.slow
def test_the_sample_is_one_press_from_a_prediction_of_a_picture_it_did_not_learn_from(
    training_server: Server, page: Page
):
    page.goto(training_server.url)
    page.get_by_role("button", name="Try the sample").click()

    expect(page.get_by_role("heading", name="Your first model")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/runs\?.*run=\d{8}-"), timeout=240_000)
    expect(page.locator(".st-key-unseen h3")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Another picture")).to_be_visible()
    [dataset] = datasets.all_datasets(Workspace(training_server.home))
    assert (dataset.num_images, len(dataset.classes)) == (300, 4)


@pytest.mark.slow
def test_what_is_dropped_is_uploaded_read_and_trained_on_in_one_press(
    training_server: Server, page: Page, tmp_path: Path
):
    page.goto(f"{training_server.url}/data?view=bring")
    page.locator("#folder").set_input_files(builders.write_folder(tmp_path / "shades", num=8))
    page.get_by_role("button", name="Train quick").click()

    expect(page.locator(".st-key-unseen h3")).to_be_visible(timeout=240_000)
    expect(page).to_have_url(re.compile(r"/data\?"))
    expect(figure(page, "Images")).to_contain_text("16")
