"""People sign in with OpenID Connect in real browsers: in, a socket, taken out, and out again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.classroom import people
from core.classroom.folder import ACCOUNTS, folder_in
from tests import oidc_provider
from tests.e2e.conftest import Server
from tests.oidc_provider import Provider

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page


@pytest.fixture
def provider() -> Iterator[Provider]:
    with oidc_provider.running() as started:
        yield started


@pytest.fixture
def server(make_server, provider: Provider, tmp_path: Path, monkeypatch) -> Server:
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(oidc_provider.secrets_toml(provider, "http://127.0.0.1:{port}"))
    settings = tmp_path / "institution.toml"
    settings.write_text('title = "Northfield"\n[teachers]\ngroups = ["staff"]\n')
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(ACCOUNTS, str(settings))
    return make_server()


def sign_in(page: Page, server: Server, name: str) -> Page:
    page.goto(f"{server.url}/data")
    expect(page.get_by_text("Sign in with your account of Northfield.")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name="Teach a computer to see")).to_be_visible()
    return page


@pytest.mark.slow
def test_people_sign_in_are_taken_out_and_sign_out(server: Server, new_page):
    ada = sign_in(new_page(), server, "ada")
    expect(ada.get_by_role("button", name="Ada")).to_be_visible()
    expect(ada.get_by_role("link", name="Your class")).to_have_count(0)
    [person] = people.everybody(folder_in(server.home))

    grace = sign_in(new_page(), server, "grace")
    grace.get_by_role("link", name="Your class").click()
    expect(grace.get_by_text("1 of 1 person is here.")).to_be_visible()

    people.remove(folder_in(server.home), person)
    expect(ada.get_by_text("You are signed out.").first).to_be_visible()
    ada.reload()
    expect(ada.get_by_text("You were taken out of this Thaw.")).to_be_visible()
    ada.get_by_role("link", name="Use another account").click()
    expect(ada.get_by_role("link", name="Sign in")).to_be_visible()

    grace.goto(f"{server.url}/leave")
    grace.get_by_role("button", name="Sign out").click()
    expect(grace.get_by_text("Sign in with your account of Northfield.")).to_be_visible()
    grace.goto(f"{server.url}/classroom")
    expect(grace.get_by_text("Sign in with your account of Northfield.")).to_be_visible()
