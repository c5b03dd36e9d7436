"""A caption in which some words are dotted: each is a button that asks what it means."""

from collections.abc import Mapping, Sequence

from pages.components import component

_HTML = '<p class="thaw-caption">\n</p>'


def dotted(pieces: Sequence[tuple[str, str]], hints: Mapping[str, str], *, key: str) -> str:
    """Draw the caption and give the name of the word that was just clicked, or none.

    pieces: texts with the name of what they mean, empty for plain ones; hints: shown on hover.
    """
    answer = component("dotted", _HTML, is_alone=False)(
        key=key,
        data={
            "pieces": [
                {"text": text, "name": name, "hint": hints.get(name, "")} for text, name in pieces
            ]
        },
        on_asked_change=lambda: None,
    )
    return str(answer.asked or "")
