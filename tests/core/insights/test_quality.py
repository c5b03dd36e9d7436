"""What is worth knowing before training is found, with its images and a reason."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from core import datasets
from core.ingest import requests
from core.insights import worklist
from core.insights.image_stats import Finding
from core.workspace import Workspace


def noise(seed: int, size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Draw a sharp, busy picture."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (size[1] // 4, size[0] // 4, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.NEAREST)


def find(ws: Workspace, folder: Path) -> dict[str, Finding]:
    dataset = requests.run(ws, requests.begin(ws), source=folder)
    images = datasets.images(ws, dataset.id)
    items = worklist.build(dataset, images, worklist.look(ws, dataset, images))
    return {found.kind: found for item in items for found in item.reasons}


def write(folder: Path, label: str, count: int, *, first: int = 0) -> None:
    (folder / label).mkdir(parents=True, exist_ok=True)
    for n in range(count):
        noise(first + n).save(folder / label / f"{n}.png")


def test_balanced_sharp_images_give_no_finding(ws: Workspace, tmp_path: Path) -> None:
    write(tmp_path / "p", "a", 20)
    write(tmp_path / "p", "b", 20, first=100)

    assert find(ws, tmp_path / "p") == {}


def test_each_odd_image_is_found_and_shown(ws: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write(folder, "a", 20)
    write(folder, "b", 20, first=100)
    dark = Image.fromarray(np.asarray(noise(201)) // 10)
    bright = Image.fromarray(255 - np.asarray(noise(205)) // 7)
    odd = {
        "dark": dark,
        "bright": bright,
        "blank": Image.new("RGB", (80, 80), (120, 130, 140)),
        "blurred": noise(202).filter(ImageFilter.GaussianBlur(9)),
        "tiny": noise(203, (20, 16)),
        "stretched": noise(204, (400, 60)),
    }
    for kind, image in odd.items():
        image.save(folder / "a" / f"{kind}.png")

    found = find(ws, folder)

    for kind in odd:
        assert f"a/{kind}.png" in [image.file for image in found[kind].images], kind
        assert str(found[kind].why)
    assert [image.file for image in found["dark"].images] == ["a/dark.png"]


def test_small_and_unequal_classes_are_named(ws: Workspace, tmp_path: Path) -> None:
    write(tmp_path / "p", "many", 26)
    write(tmp_path / "p", "few", 5, first=100)

    found = find(ws, tmp_path / "p")

    assert found["few"].labels == ("few",)
    assert found["imbalance"].labels == ("many", "few")


def test_the_same_photo_in_two_classes_is_a_conflict(ws: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write(folder, "a", 20)
    write(folder, "b", 20, first=100)
    noise(3).resize((48, 32)).save(folder / "b" / "again.png")
    noise(5).save(folder / "a" / "twice.png")

    found = find(ws, folder)

    assert {i.file for i in found["conflict"].images} == {"a/3.png", "b/again.png"}
    assert {i.file for i in found["duplicate"].images} == {"a/5.png", "a/twice.png"}


@pytest.mark.parametrize("kind", ["background_shortcut", "size_shortcut"])
def test_a_class_that_could_be_told_by_a_shortcut_is_named(
    ws: Workspace, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "p"
    write(folder, "a", 12)
    (folder / "b").mkdir()
    for n in range(12):
        if kind == "size_shortcut":
            image = noise(100 + n, (64, 64))
        else:
            image = Image.new("RGB", (96, 64), (20, 200, 30))
            image.paste(noise(100 + n, (60, 40)), (18, 12))
        image.save(folder / "b" / f"{n}.png")

    found = find(ws, folder)

    assert "b" in found[kind].labels
