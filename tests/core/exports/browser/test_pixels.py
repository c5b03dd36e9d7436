"""The page's own way from a picture to the pixels of the network, beside that of training."""

import base64
import json
import shutil
import subprocess
from dataclasses import asdict
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from core.exports.browser import page, texts
from core.images import pixels
from core.judging import shares
from core.words import render
from tests import numbered

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")
WORK = """
import fs from "node:fs"
const { pictures, texts, shares, held, target, numbers } = JSON.parse(fs.readFileSync("task.json"))
const prepare = ({ file, width, height, size }) => {
  const data = new Uint8ClampedArray(fs.readFileSync(file))
  return Array.from(prepared({ width, height, data }, size))
}
speak(texts, ["fr-CH", "zh-Hans-CN", "en"])
const language = spoken(), nearest = t("nearest", { label: "$& {label}" })
speak(texts, ["xx"])
const head = text => Uint8Array.from([...text].map(letter => letter.charCodeAt(0)))
console.log(JSON.stringify({
  pixels: pictures.map(prepare),
  language, nearest,
  percents: shares.map(percent),
  numbers: numbers.map(([number, half]) => words({
    task: "regression",
    ...TASKS.regression.answer({ target: { ...target, half } }, { values: [number] }),
  })),
  held: held.map(data => {
    const bytes = Uint8Array.from(Buffer.from(data, "base64"))
    const noted = orientation(chunk(bytes, kindOf(bytes) === "PNG" ? "eXIf" : "EXIF"))
    return [noted, colourSpace(bytes), turn(6, 4, noted)]
  }),
  similarity: similarity(Float32Array.from([1, 0, 0, 1]), [-3, 4]),
  read: ["\\xff\\xd8\\xff\\xe0", "\\x89PNG\\r\\n", "RIFF1234WEBPVP8 ", "RIFF1234WAVE", "GIF89a", ""]
    .map(text => isRead(head(text))),
}))
"""
# The sides of a picture, of the network: lossless; all colour kept; half the colour at full size,
# at a half, at a quarter and at an eighth of it; made smaller first, in one step and in two.
SIDES = [
    ((64, 90), 96),
    ((128, 300), 32),
    ((200, 133), 96),
    ((301, 417), 224),
    ((321, 450), 224),
    ((417, 333), 96),
    ((512, 700), 96),
    ((512, 513), 64),
    ((1000, 777), 128),
    ((2100, 1601), 224),
    ((17, 4), 32),
]
ORIENTATION = 274  # of EXIF
SHARES = [0.0, 0.001, 0.005, 0.0149, 0.5, 0.994, 0.999, 0.9999999, 1.0, 0.123456]
KNOWN = {"decimals": 1, "known": [-5.0, 65.0]}
NUMBERS = [(31.26, 5.6), (-0.04, None), (64.0, 5.6), (66.0, 5.6)]  # read, and half its range


def draw(side: tuple[int, int]) -> np.ndarray:
    """Draw a picture of soft colours with an edge and some grain, as photographs have them."""
    rng = np.random.default_rng(sum(side))
    small = rng.integers(0, 256, (9, 7, 3), np.uint8)
    image = np.array(Image.fromarray(small).resize(side, Image.Resampling.BICUBIC), np.int16)
    image[: side[1] // 3, : side[0] // 2] = (220, 30, 60)
    return np.clip(image + rng.integers(-12, 13, image.shape), 0, 255).astype(np.uint8)


def held_files() -> list[str]:
    """Write a picture that was held in each of the eight ways, as PNG and as WebP."""
    made = []
    for kind in ("PNG", "WEBP"):
        for orientation in range(1, 9):
            exif, data = Image.Exif(), BytesIO()
            exif[271], exif[ORIENTATION] = "a camera", orientation
            profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
            options = {"icc_profile": profile} if orientation == 8 else {}
            Image.new("RGB", (6, 4)).save(data, kind, exif=exif, **options)
            made.append(base64.b64encode(data.getvalue()).decode())
    return made


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list]:
    """Run the page's scripts once, on all pictures."""
    folder = tmp_path_factory.mktemp("node")
    task = {"pictures": [], "texts": texts.texts(), "shares": SHARES, "held": held_files()}
    task |= {"numbers": NUMBERS, "target": {**asdict(numbered.TARGET), **KNOWN}}
    for number, (side, size) in enumerate(SIDES):
        (folder / f"{number}.rgb").write_bytes(draw(side).tobytes())
        sides = {"width": side[0], "height": side[1], "size": size}
        task["pictures"].append({"file": f"{number}.rgb", **sides})
    (folder / "task.json").write_text(json.dumps(task))
    (folder / "work.mjs").write_text(page.own_script() + WORK, "utf-8")
    done = subprocess.run(
        [NODE, "work.mjs"], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("number", range(len(SIDES)), ids=lambda i: str(SIDES[i]))
def test_pixels_are_those_of_training_but_for_a_few_levels(found, number: int):
    side, size = SIDES[number]
    copy = pixels.encode(pixels.shrink(draw(side)))[0]
    expected = pixels.read_copy(copy, size).astype(int)

    given = np.array(found["pixels"][number]).reshape(size, size, 3)

    difference = np.abs(given - expected)
    assert difference.max() <= (1 if min(side) <= pixels.LOSSLESS_SIDE else 6)
    assert difference.mean() < 0.4


def test_a_picture_is_turned_as_its_file_notes_it(found):
    values = np.arange(24, dtype=np.uint8).reshape(4, 6)
    rows, columns = np.mgrid[:4, :6] + 0.5
    for number, (noted, colours, turned) in enumerate(found["held"]):
        orientation = number % 8 + 1
        assert noted == orientation
        assert colours == ("none" if number < 7 else "default")  # PNG with a profile, or WebP
        a, b, c, d, e, f = turned["matrix"]
        width, height = turned["sides"]
        drawn = np.full((height, width), 255, np.uint8)
        x, y = a * columns + c * rows + e, b * columns + d * rows + f
        drawn[np.floor(y).astype(int), np.floor(x).astype(int)] = values
        picture = Image.fromarray(values)
        picture.getexif()[ORIENTATION] = orientation
        np.testing.assert_array_equal(drawn, np.array(ImageOps.exif_transpose(picture)))


def test_words_are_those_of_the_app(found):
    assert found["language"] == "zh_CN"
    assert found["nearest"] == "在它认识的类别中，最接近的是 $& {label}。"
    assert found["percents"] == [render(shares.percent(share)) for share in SHARES]


def test_what_is_read_and_how_like_a_picture_is(found):
    assert found["read"] == [True, True, True, False, False, False]
    assert found["similarity"] == pytest.approx(0.8)


def test_a_number_is_written_as_the_app_does_and_has_its_range(found):
    first, second, third, guess = found["numbers"]

    assert first["said"] == "width: 31.3 mm"
    assert first["note"] == (
        "The truth lies within 25.7 to 36.9 mm nine times in ten, for pictures like those it "
        "learned from."
    )
    assert first["sentence"].startswith("31.3 mm. The truth lies")
    assert second["said"] == "width: 0.0 mm"
    assert second["note"] == ""
    assert third["note"].startswith("The truth lies within 58.4 to 69.6 mm")
    assert second["sentence"] == "0.0 mm."
    assert guess["note"] == "It learned from 0.0 to 60.0 mm: beyond that it guesses."
    assert len({one["key"] for one in found["numbers"]}) == 4
