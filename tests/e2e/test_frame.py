"""The frame in a real browser: deep links, language, a narrow screen, the access code."""

import re

import pytest

from core import words
from tests.e2e.conftest import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page


DATA_IN_CHINESE = words.translate("Data", "zh_CN")


def test_a_deep_link_on_a_fresh_server_opens_the_page_with_its_frame(make_server, page: Page):
    missing = []
    page.on("response", lambda found: missing.append(found.url) if found.status >= 400 else None)

    page.goto(f"{make_server().url}/data")

    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Home")).to_be_visible()
    assert not missing


def test_the_language_is_switched_and_stays(server: Server, page: Page):
    page.goto(server.url)
    page.get_by_text("简体中文").click()
    expect(page).to_have_url(re.compile("lang="))

    page.get_by_role("link", name=DATA_IN_CHINESE, exact=True).click()
    expect(page.get_by_role("heading", name=DATA_IN_CHINESE, exact=True)).to_be_visible()

    page.goto(f"{server.url}/data")  # a link without a language: a cookie knows
    expect(page.get_by_role("radio", name="简体中文")).to_be_checked()
    expect(page.get_by_role("heading", name=DATA_IN_CHINESE, exact=True)).to_be_visible()


def test_a_language_switched_back_is_remembered(server: Server, page: Page):
    page.goto(f"{server.url}/data?lang=zh_CN")
    expect(page.get_by_role("radio", name="简体中文")).to_be_checked()
    expect(page.get_by_role("button", name="主菜单")).to_be_visible()  # Streamlit says "Main menu"
    page.goto(f"{server.url}/data")
    page.get_by_text("English").click()
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Main menu")).to_be_visible()
    page.get_by_text("简体中文").click()
    expect(page.get_by_role("heading", name=DATA_IN_CHINESE, exact=True)).to_be_visible()

    page.goto(f"{server.url}/data")

    expect(page.get_by_role("heading", name=DATA_IN_CHINESE, exact=True)).to_be_visible()


@pytest.mark.slow
def test_a_link_can_name_the_language(server: Server, page: Page):
    page.goto(f"{server.url}/data?lang=zh_CN")

    expect(page.get_by_role("radio", name="简体中文")).to_be_checked()


def test_a_browser_that_prefers_chinese_gets_chinese(server: Server, new_page):
    page = new_page(locale="zh-CN")

    page.goto(server.url)

    expect(page.get_by_role("radio", name="简体中文")).to_be_checked()


def test_nothing_is_wider_than_a_phone(server: Server, new_page):
    page = new_page(width=390)

    for path in ("/", "/data"):
        page.goto(server.url + path)
        expect(page.get_by_role("heading").first).to_be_visible()
        too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
        assert not too_wide, path


def test_filled_buttons_are_written_on_in_the_colour_of_the_page(server: Server, new_page):
    page = new_page(color_scheme="dark")
    page.goto(f"{server.url}/runs")
    button = page.get_by_role("button", name="Train a model")
    expect(button).to_have_css("color", "rgb(18, 24, 27)")

    page.emulate_media(color_scheme="light")
    page.reload()
    expect(button).to_have_css("color", "rgb(255, 255, 255)")


def test_a_network_visitor_must_know_the_code(make_server, page: Page):
    server = make_server("--server.address=0.0.0.0")
    [code] = re.findall(r"Access code: (\S+)", server.log.read_text())

    page.goto(f"{server.url}/data")
    page.get_by_label("Access code").fill("WRNG-CODE")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_contain_text("not the code")
    page.get_by_label("Access code").fill(code.lower())
    page.get_by_role("button", name="Open").click()

    expect(page.get_by_role("heading", name="Teach a computer to see")).to_be_visible()
