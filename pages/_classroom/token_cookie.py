"""The cookies that Streamlit signs after somebody has signed in, and what they say."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import (
    TOKENS_COOKIE_NAME,
    USER_COOKIE_NAME,
)

AT_ONCE = 2  # seconds in which all parts of one cookie are signed: those of two are no cookie


def payload(cookies: Mapping[str, str], hours: float) -> Mapping[str, Any] | None:
    """Read what was signed after signing in; None for a cookie that is forged or too old."""
    found = _signed(cookies, USER_COOKIE_NAME, hours)
    return found if found and found.get("is_logged_in") is True else None


def is_signed(cookies: Mapping[str, str], hours: float) -> bool:
    """Tell whether the token that came was signed: Authlib takes one that is not where it may."""
    token = (_signed(cookies, TOKENS_COOKIE_NAME, hours) or {}).get("id_token")
    head = str(token).partition(".")[0]
    try:
        told = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)), object_pairs_hook=_once)
    except ValueError:
        return False
    return isinstance(told, dict) and str(told.get("alg", "none")).lower() != "none"


def _signed(cookies: Mapping[str, str], name: str, hours: float) -> dict[str, Any] | None:
    secret, moments = get_cookie_secret(), set[int]()

    def part(name: str) -> bytes | None:
        value = cookies.get(name, "")
        text = decode_signed_value(secret, name, value, hours / 24)
        if text is not None:
            moments.add(_moment(value))
        return text

    try:
        text = get_cookie_with_chunks(part, name)
        found = json.loads(text, object_pairs_hook=_once) if text else None
    except ValueError:
        return None
    is_of_one = not moments or max(moments) - min(moments) <= AT_ONCE
    return found if isinstance(found, dict) and is_of_one else None


def _moment(signed: str) -> int:
    """Give the second at which a value was signed, of one whose signature is right."""
    stamp = signed.split(".")[-2]
    return int.from_bytes(urlsafe_b64decode(stamp + "=" * (-len(stamp) % 4)), "big")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Take no object that says one thing twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("said twice")
    return found
