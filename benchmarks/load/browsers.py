"""Some real browsers among those who look: pages in Chromium that stay open."""

import asyncio
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
LOOK_EVERY = 5.0


@dataclass(slots=True)
class Seen:
    """What browsers saw: seconds until a page stood, and what went wrong on it."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    missing: str = ""  # why no browser looked


async def look(pages: Sequence[tuple[str, str]], seen: Seen, *, until: float) -> None:
    """Keep pages open, each an address and the cookie that opens it, until a time."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        seen.missing = "Playwright is not installed"
        return
    if program is None:
        seen.missing = "no Chromium was found"
        return
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=program, args=list(FLAGS))
        await asyncio.gather(*(_open(browser, url, cookie, seen, until) for url, cookie in pages))
        await browser.close()


async def _open(browser, url: str, cookie: str, seen: Seen, until: float) -> None:  # type: ignore[no-untyped-def]
    name, _, value = cookie.partition("=")
    context = await browser.new_context()
    await context.add_cookies([{"name": name, "value": value, "url": url}])
    page = await context.new_page()
    page.on("pageerror", lambda error: seen.faults.append(str(error)))
    start = time.monotonic()
    await page.goto(url)
    await page.wait_for_selector("[data-testid=stMain] h1", timeout=60_000)
    seen.seconds.append(time.monotonic() - start)
    while time.monotonic() < until:
        if await page.locator("[data-testid=stException]").count():
            seen.faults.append("an exception on the page")
        await asyncio.sleep(LOOK_EVERY)
    await context.close()
