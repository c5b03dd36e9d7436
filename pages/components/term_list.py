"""Terms with a drawing and a sentence each, to be searched; one of them may stand first."""

from collections.abc import Mapping, Sequence

from pages.components import component

_HTML = '<div class="thaw-terms">\n</div>'


def term_list(
    terms: Sequence[Mapping[str, str]], texts: Mapping[str, str], *, first: str = ""
) -> None:
    """Draw the terms: name, title, words, sentence and drawing (SVG of ours) of each."""
    component("term_list", _HTML, is_alone=False)(
        key="term_list", data={"terms": list(terms), "texts": dict(texts), "first": first}
    )
