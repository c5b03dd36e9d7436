"""Signing in with an account: how Streamlit is set up for it, and what it has signed."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from streamlit.auth_util import (
    get_secrets_auth_section,
    is_authlib_installed,
    validate_auth_credentials,
)
from streamlit.errors import StreamlitAuthError
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.starlette.starlette_server_config import (
    USER_COOKIE_NAME,
)

from core.errors import UserError
from core.institution import settings
from core.institution.records import Institution
from core.web import access, middleware
from core.web.institution.believed import OpenIdConnect
from core.words import say
from pages._classroom import token_cookie

FORWARDED = "FORWARDED_ALLOW_IPS"  # whose X-Forwarded-For Uvicorn takes for the address
LEAST_SIGNS = 32  # of the secret that signs cookies
ONLY = "default"  # what Streamlit calls a provider without a name


def guards(root: Path, *, base: str, hosts: Sequence[str]) -> list[Middleware]:
    """Give the middleware for an app that people sign in to. Raises `UserError`."""
    institution = settings.current()
    if institution.proxy is not None and os.environ.get(FORWARDED) != "":
        raise UserError(
            say("The server would believe a header about the address that a request comes from."),
            expected=say("The variable {name}, set and empty.", name=FORWARDED),
            mend=say("Start Thaw with 'python -m core serve --institution FILE'."),
        )
    return middleware.for_institution(
        root, institution, login=login(institution), base=base, hosts=hosts
    )


def login(institution: Institution) -> OpenIdConnect | None:
    """Give how people sign in; None where a proxy has them do that.

    Raises `UserError` for anything in `[auth]` that would let nobody in, or too many.
    """
    if institution.proxy is not None:
        return None
    if not is_authlib_installed():
        raise _wrong("Authlib", say("Install it: 'pip install -r requirements.txt'."))
    section = get_secrets_auth_section().to_dict()
    clients = _clients(section)
    _check(section, clients)
    for listed in (institution.teachers, institution.people):
        if not listed.is_empty and len(clients) > 1 and listed.provider not in clients:
            mend = say("Add 'provider = \"{name}\"' to the list.", name=sorted(clients)[0])
            raise _wrong("provider", mend)
        if listed.provider and listed.provider not in clients:
            raise _wrong("provider", say("'{name}' is not in [auth].", name=listed.provider))
    return OpenIdConnect(
        clients=clients,
        cookie=USER_COOKIE_NAME,
        payload=lambda cookies: token_cookie.payload(cookies, institution.hours),
        is_signed=lambda cookies: token_cookie.is_signed(cookies, institution.hours),
        is_secure=str(section["redirect_uri"]).startswith("https:"),
        address=generate_login_redirect_url,
    )


def _clients(section: Mapping[str, Any]) -> dict[str, str]:
    """Give the client id of each provider that is configured."""
    named = {name: part for name, part in section.items()
             if isinstance(part, Mapping) and "client_id" in part}  # fmt: skip
    if "client_id" in section:
        named[ONLY] = section
    return {name: str(part["client_id"]) for name, part in named.items()}


def _check(section: Mapping[str, Any], clients: Mapping[str, str]) -> None:
    if not clients:
        raise _wrong("[auth]", say("docs/institution.md shows what belongs there."))
    for name in clients:
        try:
            validate_auth_credentials(name)
        except StreamlitAuthError as error:
            raise _wrong(
                f"[auth] {name}", say("{reason}", reason=" ".join(str(error).split()))
            ) from error
        part = section if name == ONLY else section[name]
        _check_address("server_metadata_url", str(part["server_metadata_url"]))
    _check_address("redirect_uri", str(section["redirect_uri"]))
    if not str(section["redirect_uri"]).endswith("/oauth2callback"):
        raise _wrong("redirect_uri", say("It ends with '/oauth2callback'."))
    if len(set(str(section["cookie_secret"]))) < 8 or len(section["cookie_secret"]) < LEAST_SIGNS:
        make = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        raise _wrong("cookie_secret", say("Take a long random one: {command}", command=make))


def _check_address(name: str, address: str) -> None:
    """Refuse an address on which others could listen: a secret goes over it."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not access.is_loopback(parts.hostname):
        raise _wrong(name, say("It begins with 'https://'."))


def _wrong(name: str, mend: Any) -> UserError:
    return UserError(
        say("People cannot sign in: '{name}' is missing or cannot be used.", name=name),
        expected=say("A section [auth] in .streamlit/secrets.toml, for `st.login` of Streamlit."),
        mend=mend,
    )
