"""The colours of the themes: every text can be read, by the ratio 4.5 : 1 that WCAG 2 asks for."""

import tomllib
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
THEMES = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
ENOUGH = 4.5
FADED = 0.6  # share of the colour of text in a caption, as Streamlit draws it
TINT = 0.1  # share of the accent behind the chosen one of several, as Streamlit draws it
Colour = tuple[float, ...]  # red, green and blue in 0..1


def colour(theme: str, key: str) -> Colour:
    table = THEMES[theme]
    for part in key.split("."):
        table = table[part]
    return tuple(int(table[i : i + 2], 16) / 255 for i in (1, 3, 5))


def mixed(over: Colour, under: Colour, share: float) -> Colour:
    return tuple(share * o + (1 - share) * u for o, u in zip(over, under, strict=True))


def luminance(value: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in value]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_is_that_of_wcag():
    white, grey = (1.0, 1.0, 1.0), (0x76 / 255,) * 3

    assert contrast(white, (0.0, 0.0, 0.0)) == pytest.approx(21)
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("text", ["textColor", "linkColor", "primaryColor"])
@pytest.mark.parametrize(
    "behind", ["backgroundColor", "secondaryBackgroundColor", "sidebar.backgroundColor"]
)
def test_text_can_be_read_on_every_background(theme: str, text: str, behind: str):
    assert contrast(colour(theme, text), colour(theme, behind)) >= ENOUGH


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "behind", ["backgroundColor", "secondaryBackgroundColor", "sidebar.backgroundColor"]
)
def test_a_caption_can_be_read(theme: str, behind: str):
    ground = colour(theme, behind)

    assert contrast(mixed(colour(theme, "textColor"), ground, FADED), ground) >= ENOUGH


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("behind", ["backgroundColor", "sidebar.backgroundColor"])
def test_the_chosen_tab_can_be_read_on_its_tint(theme: str, behind: str):
    accent = colour(theme, "primaryColor")

    assert contrast(accent, mixed(accent, colour(theme, behind), TINT)) >= ENOUGH


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_filled_button_can_be_read(theme: str):
    assert contrast(colour(theme, "backgroundColor"), colour(theme, "primaryColor")) >= ENOUGH
