"""The settings of an institution: what is understood, and that nothing is passed over."""

import re
from pathlib import Path

import pytest

from core.errors import UserError
from core.institution import settings

ROOT = Path(__file__).parents[3]
TEACHERS = '[teachers]\naddresses = ["Ms.T@School.example"]\n'
PROXY = '[proxy]\naddresses = ["127.0.0.1", "10.1.0.0/16"]\nuser = "X-Remote-User"\n'


def read(tmp_path: Path, text: str):
    path = tmp_path / "institution.toml"
    path.write_text(text, encoding="utf-8")
    return settings.read(path)


def test_what_is_not_given_is_as_it_is_meant(tmp_path):
    found = read(tmp_path, TEACHERS)

    assert found.teachers.addresses == ("ms.t@school.example",)
    assert (found.hours, found.places, found.claim) == (12.0, 200, "groups")
    assert found.people.is_empty
    assert found.proxy is None
    assert not found.unverified


def test_a_proxy_is_known_by_addresses_and_names_headers_in_any_case(tmp_path):
    found = read(tmp_path, f'{TEACHERS}{PROXY}groups = "X-Groups"\n').proxy

    assert found is not None
    assert found.addresses == ("127.0.0.1/32", "10.1.0.0/16")
    assert found.headers == ("x-remote-user", "x-groups")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Nobody is listed who teaches"),
        ("[people]\ndomains = ['x.example']\n", "Nobody is listed who teaches"),
        (f"hour = 3\n{TEACHERS}", "'hour' is not known. Perhaps hours is meant"),
        ("[teachers]\naddresses = 'a@b.example'\n", 'A list of texts: ["one", "another"]'),
        ("[teachers]\naddresses = ['a@@b']\n", "An address of e-mail"),
        ("[teachers]\naddresses = ['*@b.example']\ndomains = ['*']\n", "cannot be read"),
        ("[teachers]\naddress = ['a@b.example']\n", "Perhaps addresses is meant"),
        (f"hours = 0\n{TEACHERS}", "'hours' is 0"),
        (f"hours = true\n{TEACHERS}", "A number, without quotation marks"),
        (f"places = 5000\n{TEACHERS}", "'places' is 5000"),
        (f"unverified_addresses = 'no'\n{TEACHERS}", "true or false"),
        ("not toml", "cannot be read"),
        (f"{TEACHERS}[proxy]\n", "cannot be read"),
        (f"{TEACHERS}[proxy]\nuser = 'X-User'\n", "[proxy] addresses"),
        (f"{TEACHERS}[proxy]\naddresses = ['0.0.0.0/0']\nuser = 'X-User'\n", "A network as narrow"),
        (f"{TEACHERS}[proxy]\naddresses = ['proxy.example']\nuser = 'X-User'\n", "proxy.example"),
        (f"{TEACHERS}{PROXY}name = 'Cookie'\n", "[proxy] name"),
        (f"{TEACHERS}{PROXY}name = 'X-Forwarded-For'\n", "[proxy] name"),
        (f"{TEACHERS}{PROXY}name = 'X_Name'\n", "[proxy] name"),
        (f"{TEACHERS}{PROXY}name = 'x-remote-USER'\n", "[proxy]"),
    ],
)
def test_what_is_not_understood_is_refused_before_the_start(tmp_path, text, told):
    with pytest.raises(UserError) as error:
        read(tmp_path, text)

    assert told in str(error.value)


def test_what_the_page_about_it_shows_is_understood(tmp_path):
    text = (ROOT / "docs" / "institution.md").read_text(encoding="utf-8")
    shown = [part for part in re.findall(r"```toml\n(.*?)```", text, re.S) if "[teachers]" in part]

    found = [read(tmp_path, part) for part in shown]

    assert [part.proxy is not None for part in found] == [False, True]
    assert {name for name in settings._TOP if f"`{name}`" not in text} == {
        *("teachers", "people", "proxy")
    }


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UserError, match="No such file"):
        settings.read(tmp_path / "none.toml")
