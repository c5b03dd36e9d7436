"""The file in which whoever runs the server says who teaches, who may come in, and how."""

import ipaddress
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from core.classroom.folder import ACCOUNTS
from core.errors import UserError
from core.institution import identities
from core.institution.records import Institution, Listed, TrustedProxy
from core.words import enumeration, mark, say

FEW = 1.0  # hours for which a sign-in counts, at least and at most
MANY = 24.0 * 30
MOST_PLACES = 2_000
_HEADER = re.compile(r"[a-z0-9!#$%&'*+.^|~-]{1,100}")  # no ``_``, which some servers take for ``-``
_NEVER = {  # headers that every browser sends, or that other parts read: they name nobody
    *("authorization", "connection", "content-length", "content-type", "cookie", "host", "origin"),
    *("accept", "accept-language", "forwarded", "referer", "upgrade", "user-agent"),
    *("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"),
}
_TOP = {"title": "", "hours": 12.0, "places": 200, "groups_claim": "groups",
        "unverified_addresses": False, "teachers": {}, "people": {}, "proxy": {}}  # fmt: skip
_LISTED = {"addresses": [], "domains": [], "groups": [], "provider": ""}
_PROXY = {"addresses": [], "user": "", "name": "", "address": "", "groups": "", "leave": ""}
_MEANT = {
    list: mark('A list of texts: ["one", "another"].'),
    str: mark('A text in quotation marks: "text".'),
    bool: mark("true or false, without quotation marks."),
    int: mark("A number, without quotation marks."),
    float: mark("A number, without quotation marks."),
    dict: mark("A part of the file that begins with its name in square brackets."),
}
_ADDRESS = mark("An address of e-mail: name@school.example.")
_DOMAIN = mark("What stands behind the @ of addresses, without signs for others: school.example.")
_OF_PROXY = mark("The address from which the proxy asks, or a network: 127.0.0.1 or 10.1.0.0/16.")
_OF_HEADER = mark("A header that the proxy alone sets, each another one: X-Remote-User.")
_TOO_WIDE = mark("A network as narrow as that of the proxy: whoever asks from it is believed.")
_FILE = mark("A file of settings in TOML, as docs/institution.md shows it.")


def is_on() -> bool:
    """Tell whether this process serves people who sign in with an account of theirs."""
    return bool(os.environ.get(ACCOUNTS))


def current() -> Institution:
    """Read what is set for this process. Raises `UserError`, and where there is no such file."""
    return read(Path(os.environ[ACCOUNTS]))


def read(path: Path) -> Institution:
    """Read a file of settings. Raises `UserError` for anything that is not understood.

    A word that is passed over could be the one that was to keep somebody out.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(str(path), str(error)) from error
    except OSError as error:
        raise UserError.of_system(error) from error
    top = _checked("", given, _TOP)
    found = Institution(
        title=top["title"],
        hours=_between("hours", float(top["hours"]), FEW, MANY),
        places=int(_between("places", top["places"], 1, MOST_PLACES)),
        claim=top["groups_claim"],
        unverified=top["unverified_addresses"],
        teachers=_listed("teachers", top["teachers"]),
        people=_listed("people", top["people"]),
        proxy=_proxy(top["proxy"]) if "proxy" in given else None,
    )
    if found.teachers.is_empty:
        raise UserError(
            say("Nobody is listed who teaches."),
            expected=say("At least one address or group below [teachers]."),
            mend=say("Add 'addresses = [\"name@school.example\"]' to the file."),
        )
    return found


def _checked(table: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Give all settings of a table, with those that were not given as they are meant."""
    for name, value in given.items():
        _check(f"[{table}] {name}" if table else name, name, value, known)
    return {**known, **given}


def _check(shown: str, name: str, value: Any, known: Mapping[str, Any]) -> None:
    if name not in known:
        near = get_close_matches(name, known, 1) or list(known)
        raise UserError(
            say("The setting '{name}' is not known.", name=shown),
            expected=say("Perhaps {names} is meant.", names=enumeration(near)),
            mend=say("Correct the name, or take the line out."),
        )
    kind = type(known[name])
    fits = isinstance(value, (int, float) if kind in (int, float) else kind)
    if isinstance(value, bool) != (kind is bool):
        fits = False
    if kind is list and fits:
        fits = all(isinstance(item, str) and item.strip() for item in value)
    if not fits:
        raise _wrong(shown, repr(value)[:80], _MEANT[kind])


def _wrong(name: str, value: str, expected: str = _FILE) -> UserError:
    return UserError(
        say("'{name}' cannot be read: {value}", name=name, value=value),
        expected=say(expected),
        mend=say("Correct it, then start Thaw again."),
    )


def _between(name: str, value: float, least: float, most: float) -> float:
    if least <= value <= most:
        return value
    raise UserError(
        say("The setting '{name}' is {value}.", name=name, value=f"{value:g}"),
        expected=say("From {least} to {most}.", least=f"{least:g}", most=f"{most:g}"),
        mend=say("Correct it, then start Thaw again."),
    )


def _listed(table: str, given: Mapping[str, Any]) -> Listed:
    found = _checked(table, given, _LISTED)
    addresses = tuple(identities.spelt(address) for address in found["addresses"])
    domains = tuple(identities.spelt(domain).removeprefix("@") for domain in found["domains"])
    for address in addresses:
        if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
            raise _wrong(f"[{table}] addresses", address, _ADDRESS)
    for domain in domains:
        if "@" in domain or "*" in domain:
            raise _wrong(f"[{table}] domains", domain, _DOMAIN)
    return Listed(
        addresses=addresses,
        domains=domains,
        groups=tuple(group.strip() for group in found["groups"]),
        provider=found["provider"],
    )


def _proxy(given: Mapping[str, Any]) -> TrustedProxy:
    found = _checked("proxy", given, _PROXY)
    headers = {key: found[key].strip().lower() for key in ("user", "name", "address", "groups")}
    for key, header in headers.items():
        if (header or key == "user") and (not _HEADER.fullmatch(header) or header in _NEVER):
            raise _wrong(f"[proxy] {key}", repr(found[key]), _OF_HEADER)
    named = [header for header in headers.values() if header]
    if len(set(named)) < len(named):
        raise _wrong("[proxy]", ", ".join(named), _OF_HEADER)
    addresses = tuple(_networks(found["addresses"]))
    if not addresses:
        raise _wrong("[proxy] addresses", "[]", _OF_PROXY)
    return TrustedProxy(addresses=addresses, leave=found["leave"], **headers)


def _networks(given: list[str]) -> Iterator[str]:
    """Give the networks of trusted addresses; a network of everybody is none."""
    for text in given:
        try:
            network = ipaddress.ip_network(text.strip())
        except ValueError as error:
            raise _wrong("[proxy] addresses", text, _OF_PROXY) from error
        if network.prefixlen < 8:
            raise _wrong("[proxy] addresses", text, _TOO_WIDE)
        yield str(network)
