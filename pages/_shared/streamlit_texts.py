"""What Streamlit itself writes on a page, in the reader's language: it knows English alone.

Its widgets have parameters for some of it (labels, placeholders), and those are used. The rest is
looked for where Streamlit writes it, and nowhere else: a class may well be called "Dark".
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st

from core.words import mark
from pages._shared.words import language, t

PLACES: Mapping[str, tuple[str, ...]] = {
    "[data-testid=stFileUploader] :not([data-testid=stFileChip] *)": (
        mark("Upload"),
        mark("{size} per file"),
    ),
    "[data-testid=stMainMenuPopover]": (
        mark("System"),
        "Light",
        mark("Dark"),
        mark("Print"),
        mark("Record screen"),
    ),
    "[data-testid=InputInstructions]": (
        mark("Press Enter to apply"),
        mark("Press Enter to submit form"),
    ),
    "[data-testid=stSkipToContent]": (mark("Skip to main content"),),
}
ATTRIBUTES = (  # read out to those who do not see the page, or shown under the pointer
    mark("Add files"),
    mark("App pages"),
    mark("Choose an option"),
    mark("Choose options"),
    mark("Clear all"),
    mark("Clear value"),
    mark("Collapse sidebar"),
    mark("Copy to clipboard"),
    mark("Decrement"),
    mark("Download as CSV"),
    mark("Expand sidebar"),
    mark("Fullscreen"),
    mark("Close fullscreen"),
    mark("Help"),
    mark("Increment"),
    mark("Link to heading"),
    mark("Main menu"),
    mark("Navigate to home page"),
    mark("Next page"),
    mark("Open"),
    mark("Page {num}"),
    mark("Pagination"),
    mark("Previous page"),
    mark("Remove {name}"),
    mark("Running..."),
    mark("Search"),
    mark("Show/hide columns"),
    mark("Sidebar"),
    mark("file upload"),
)


def draw() -> None:
    """Have the browser say it in the reader's language, also what comes later."""
    said = json.dumps(
        {
            "language": language(),
            "attributes": _said(ATTRIBUTES),
            "places": {place: _said(texts) for place, texts in PLACES.items()},
        }
    )
    script = _script().replace("SAID;", said.replace("<", "\\u003c") + ";", 1)
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _said(texts: tuple[str, ...]) -> dict[str, str]:
    return {} if language() == "en" else {text: t(_SENSE.get(text, text)) for text in texts}


_SENSE = {"Light": mark("Light theme")}  # an augmentation is "Light" as well


@cache
def _script() -> str:
    return Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
