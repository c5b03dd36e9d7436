"""The drawer with the whole glossary, and captions whose dotted words open it."""

import streamlit as st

from pages._glossary.finding import pieces
from pages._glossary.terms import TERMS
from pages._shared.frame.fragments import dialog, fragment
from pages._shared.widgets import language, md, t
from pages.components.dotted import dotted
from pages.components.term_list import term_list


@fragment
def explained(text: str, *, key: str) -> None:
    """Draw a caption; a click on a word that the glossary has opens it there.

    text: plain, no Markdown: what a user typed needs no `md` and shows as it is.
    """
    cut = [(piece, name) for piece, name in pieces(text, language()) if piece]
    if not any(name for _, name in cut):
        st.caption(md(text))
        return
    hints = {name: t(TERMS[name].sentence) for _, name in cut if name}
    asked = dotted(cut, hints, key=key)
    if asked in TERMS:
        open_drawer(asked)


@fragment
def entry() -> None:
    """Draw the button that opens the glossary at its top."""
    if st.button(t("Glossary"), type="tertiary", icon=":material/menu_book:", key="glossary"):
        open_drawer()


def open_drawer(first: str = "") -> None:
    """Open the glossary beside the page, with one term first or none."""

    @dialog(t("Glossary"), position="right", icon=":material/menu_book:")
    def drawer() -> None:
        term_list(
            [
                {
                    "name": term.name,
                    "title": t(term.title),
                    "words": t(term.words),
                    "sentence": t(term.sentence),
                    "drawing": term.drawing,
                }
                for term in TERMS.values()
            ],
            {
                "language": language().replace("_", "-"),
                "search": t("Search the glossary"),
                "none": t("No term has this word."),
            },
            first=first,
        )

    drawer()
