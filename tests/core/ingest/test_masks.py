"""Masks beside photographs: asked about, never a class without a word."""

import numpy as np
import pytest

from core.ingest import asking, building, masks
from core.ingest.decoding import decoder
from core.ingest.decoding.reading import Kept
from core.records.imports import Options

PHOTO, DRAWN = 3000, 2


def pictures(colours: int, *folders: str, name: str = "{n}.png", num: int = 5) -> list[Kept]:
    """Describe pictures in folders; the first or only folder is the class."""
    return [
        Kept(file=f"{folder}/{name.format(n=n)}", label=folder.split("/")[0], given=None,
             content=f"{folder}{n}", stored="", width=9, height=9, signature="", colours=colours)
        for folder in folders for n in range(num)
    ]  # fmt: skip


def guess(kept: list[Kept]) -> str:
    return asking.settle(Options(), lambda o: masks.mask_questions(kept))[0].masks


@pytest.mark.parametrize(
    "kept",
    [
        pictures(PHOTO, "images") + pictures(DRAWN, "masks"),
        pictures(PHOTO, "JPEGImages", name="a{n}.jpg")
        + pictures(20, "Annotations", name="a{n}.png"),
        pictures(PHOTO, "image", name="image_{n}.jpg") + pictures(3, "mask", name="mask_{n}.png"),
        pictures(PHOTO, "benign", "sick", name="b ({n}).png")
        + pictures(DRAWN, "benign", "sick", name="b ({n})_mask.png")
        + pictures(DRAWN, "benign", name="b ({n})_mask_1.png"),
        pictures(PHOTO, "COVID/images", "Normal/images")
        + pictures(1, "COVID/masks", "Normal/masks"),
        pictures(PHOTO, "ISIC_Input", name="I_{n}.jpg")
        + pictures(DRAWN, "ISIC_GroundTruth", name="I_{n}_segmentation.png"),
        pictures(PHOTO, "cat", name="x{n}.jpg")
        + pictures(DRAWN, "train_masks", name="other{n}.png"),
    ],
)
def test_masks_are_left_out_by_name_and_look(kept: list[Kept]) -> None:
    found = building.Findings(kept=tuple(kept), reports=(), classes=("images", "masks"))

    rest = masks.left_out(found, guess(kept))

    assert {k.colours for k in rest.kept} == {PHOTO}
    assert len(rest.kept) + len(rest.reports) == len(kept)


@pytest.mark.parametrize(
    "kept",
    [
        pictures(PHOTO, "photos") + pictures(DRAWN, "regions"),  # or line drawings of the same
        pictures(PHOTO, "images", "masks"),  # as JPEG makes them
        pictures(PHOTO, "leftImg8bit", name="ulm_{n}_leftImg8bit.png")
        + pictures(DRAWN, "gtFine", name="ulm_{n}_gtFine_color.png"),
    ],
)
def test_one_sign_of_masks_is_warned_of_and_taken(kept: list[Kept]) -> None:
    options, (note,) = asking.settle(Options(), lambda o: masks.mask_questions(kept))

    assert options.masks == "take"
    assert "--masks leave-out" in str(note)


@pytest.mark.parametrize(
    "kept",
    [
        pictures(PHOTO, "with_mask", "without_mask"),
        pictures(PHOTO, "mask", "no_mask"),
        pictures(PHOTO, "labels", name="l{n}.jpg") + pictures(PHOTO, "bottles", name="b{n}.jpg"),
        pictures(DRAWN, "0", "1"),
        pictures(PHOTO, "cat") + pictures(DRAWN, "logos", name="logo{n}.png"),
        pictures(0, "images", "photos"),
    ],
)
def test_faces_with_masks_digits_and_labels_of_bottles_are_classes(kept: list[Kept]) -> None:
    assert masks.mask_questions(kept) == ()


def test_both_answers_are_shown_with_what_is_left() -> None:
    [question] = masks.mask_questions(pictures(PHOTO, "images") + pictures(DRAWN, "masks"))

    assert str(question.what).startswith("5 pictures look like masks")
    assert [(c.value, str(c.detail)) for c in question.choices] == [
        ("leave-out", "1 class: images 5"),
        ("take", "2 classes: images 5, masks 5"),
    ]


def test_exact_colours_are_counted_whatever_the_size() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    drawn = np.zeros((300, 400, 3), np.uint8)
    drawn[:, 200:] = (255, 0, 0)
    blurred = drawn.copy()
    blurred[:, 195:205] = noise[:, 195:205]

    assert decoder.colours(noise) > 1000
    assert [decoder.colours(drawn), decoder.colours(blurred)] == [2, 2]
    assert decoder.colours(noise[:1, :1]) == 1
