"""What Streamlit writes in English is known, so that it can be said in the reader's language."""

import re
from pathlib import Path

import pytest
import streamlit

from core.words import translate
from pages._shared.streamlit_texts import ATTRIBUTES, PLACES

TEXTS = (*(text for texts in PLACES.values() for text in texts), *ATTRIBUTES)


@pytest.fixture(scope="module")
def written() -> str:
    """Give every script of the Streamlit that is installed."""
    scripts = Path(streamlit.__file__).parent.glob("static/static/js/*.js")
    return "\n".join(script.read_text(encoding="utf-8") for script in scripts)


def test_streamlit_still_writes_each_of_these_texts(written: str):
    pieces = {text: max(re.split(r"\{\w+\}", text), key=len).strip() for text in TEXTS}
    pieces |= {text: "Press Enter to" for text in TEXTS if text.startswith("Press Enter")}

    assert [text for text, piece in pieces.items() if piece not in written] == []


def test_the_page_says_how_they_are_in_the_readers_language(open_page):
    def script(app) -> str:
        [found] = [e.proto.body for e in app.get("html") if "thawTexts" in e.proto.body]
        return found

    assert '"attributes": {}' in script(open_page())
    app = open_page(lang="zh_CN")
    assert translate("Main menu", "zh_CN") == "主菜单"
    assert "\\u4e3b\\u83dc\\u5355" in script(app)
