"""The reader's language on every page, and sentences in it."""

import re

import streamlit as st

from core import words
from core.web import forms, middleware, wording
from core.words import Message

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$<>:&=^])")
_ADDRESS = re.compile(r":(?=//)|www(?=\.)|@", re.IGNORECASE)
_BETWEEN_SIGNS = re.compile("(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")
_WORD_JOINER = "\u2060"  # has no width, and no line breaks at it


def language() -> str:
    """Give the session's language; fragments run without the frame, so it is kept."""
    return str(st.session_state.get("language") or _preferred_language())


def choose_language() -> None:
    """Draw the language switch: the address bar first, then a cookie, then the browser's own."""
    chosen = st.segmented_control(
        "Language · 语言",
        list(words.LANGUAGES),
        default=_preferred_language(),
        required=True,
        format_func=lambda code: words.LANGUAGES[code],
        key="lang",
        bind="query-params",
        label_visibility="collapsed",
    )
    st.session_state["language"] = chosen or _preferred_language()


def remember_language() -> None:
    """Keep the language in a cookie, for links that do not name one.

    Always: the cookies that are known here are those of the connection, not of now.
    """
    st.html(_REMEMBER.format(name=forms.LANGUAGE_COOKIE, code=language()), **_SCRIPT)


_SCRIPT = {"unsafe_allow_javascript": True}  # constants of ours, nothing that a user typed
_REMEMBER = (
    "<script>document.cookie = '{name}={code}; path=/; max-age=31536000; samesite=lax'</script>"
)


def _cookie() -> str:
    return middleware.language_asked(st.context.cookies.to_dict().get(forms.LANGUAGE_COOKIE, ""))


def _preferred_language() -> str:
    """Give what was asked for when the session began; a default must not change under a widget."""
    if "preferred" not in st.session_state:
        asked = middleware.language_asked(st.query_params.get("lang", ""))
        st.session_state["preferred"] = (
            asked or _cookie() or words.closest_language(st.context.locale)
        )
    return str(st.session_state["preferred"])


def t(text: str | Message, /, **values: words.Value) -> str:
    """Say it in the session's language. A value that a user typed goes through `md` first."""
    message = text if isinstance(text, Message) else words.say(text, **values)
    return words.render(wording.for_page(message), language())


def nt(one: str, many: str, /, *, num: int, **values: words.Value) -> str:
    """Say it with a count, in the session's language."""
    return words.render(words.nsay(one, many, num=num, **values), language())


def md(text: str) -> str:
    """Escape what a user typed, so that Markdown shows it as it is.

    Addresses of the web and of mail become links even where they are escaped: the browser looks for
    them in the text that has been read. A character that nobody sees breaks them up.
    """
    plain = _ADDRESS.sub(rf"\g<0>{_WORD_JOINER}", " ".join(text.split()))
    return _MARKDOWN.sub(r"\\\1", plain)


def unbroken(text: str) -> str:
    """Keep Chinese words whole in a narrow column, which would break them after every sign."""
    return _BETWEEN_SIGNS.sub(_WORD_JOINER, text)
