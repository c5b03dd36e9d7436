"""A lesson of a class in three real browsers: the teacher and two pupils."""

from collections.abc import Callable

import pytest

from core.classroom import handing, hour, people
from core.classroom.folder import SWITCH, folder_in
from core.lessons import attempts
from core.teaching import results
from core.workspace import Workspace
from tests import builders
from tests.e2e.conftest import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page
TEACHER_CODE = "TEACHER-CODE-2345"


@pytest.fixture
def server(make_server: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv(SWITCH, "1")
    monkeypatch.setenv("THAW_ACCESS_CODE", TEACHER_CODE)
    return make_server()


def join(page: Page, server: Server, nickname: str) -> Page:
    code = people.settings(folder_in(server.home)).join_code
    page.goto(f"{server.url}/join?code={code}")
    page.get_by_label("Nickname").fill(nickname)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Teach a computer to see")).to_be_visible()
    return page


def come_in(page: Page, server: Server) -> Page:
    page.goto(server.url)
    page.get_by_text("I have been here before, or I am the teacher").click()
    page.get_by_label("Your own code").fill(TEACHER_CODE)
    page.get_by_role("button", name="Open").click()
    page.get_by_role("link", name="Your class").click()
    expect(page.get_by_role("heading", name="Your class")).to_be_visible()
    return page


@pytest.mark.slow
def test_a_teacher_and_two_pupils_go_through_a_lesson(server: Server, new_page):
    room = folder_in(server.home)
    handed = builders.make_dataset(Workspace(server.home), name="birds", num=4).id
    ada, ben = (join(new_page(), server, name) for name in ("Ada", "Ben"))
    teacher = come_in(new_page(), server)

    expect(teacher.get_by_text("2 of 2 people are here.")).to_be_visible()
    teacher.get_by_role("button", name="Hand out").click()
    teacher.get_by_role("button", name="Hand it out to all").click()
    expect(teacher.get_by_text("2 people have it now who had it not.")).to_be_visible()
    for person in people.everybody(room):
        assert handing.is_handed_out(room.workspace(person.id), handed)
    teacher.keyboard.press("Escape")

    teacher.get_by_role("button", name="Eyes here").click()
    for pupil in (ada, ben):  # who has touched nothing
        expect(pupil.get_by_role("heading", name="Eyes here")).to_be_visible()
        expect(pupil.get_by_role("link", name="Train")).to_have_count(0)
    teacher.get_by_role("button", name="Let them go on").click()
    for pupil in (ada, ben):
        expect(pupil.get_by_role("heading", name="Teach a computer to see")).to_be_visible()
        expect(pupil.get_by_role("link", name="Your class")).to_have_count(0)

    teacher.get_by_role("button", name="End the lesson").click()
    with teacher.expect_download() as download:
        teacher.get_by_role("link", name="Download all work (ZIP)").click()
    assert download.value.suggested_filename == "class-work.zip"
    teacher.get_by_role("button", name="Wipe the class").click()
    code = people.settings(room).join_code
    teacher.get_by_label(f"Type the join code {code} to go on").fill(code)
    teacher.get_by_role("button", name="Wipe", exact=True).click()
    expect(teacher.get_by_text("Nobody has joined yet")).to_be_visible()

    assert people.everybody(room) == []
    assert not list((room.path / "workspaces").iterdir())
    for pupil in (ada, ben):
        expect(pupil.get_by_text("You are not in the class any more.").first).to_be_visible()


LESSON_MINUTES = 30  # at most, for both: one worker trains for all


@pytest.mark.slow
def test_two_pupils_go_through_the_ladder_lesson_on_what_was_handed_out(server: Server, new_page):
    room, home = folder_in(server.home), Workspace(server.home)
    handed = builders.make_dataset(home, name="Sample", num=16).id
    ada, ben = (join(new_page(), server, name) for name in ("Ada", "Ben"))
    hour.hand_to_all(room, handed)
    hour.give_lesson(room, "how-deep")

    for pupil, guess in ((ada, "No depth is surely better"), (ben, "Everything is worth thawing")):
        pupil.reload()
        pupil.locator(".st-key-begin-given button").click()
        pupil.get_by_text(guess).click()
        pupil.get_by_label("Pictures").click()
        pupil.get_by_role("option", name="Sample").last.click()
        pupil.get_by_role("button", name="Start", exact=True).click()
        expect(pupil.get_by_text("Your guess:")).to_be_visible()
    for pupil in (ada, ben):
        expect(pupil.get_by_text("What happened:")).to_be_visible(timeout=LESSON_MINUTES * 60_000)
        expect(pupil.get_by_role("button", name="Open the ladder")).to_be_visible()

    told = results.table(room, "en").splitlines()
    lessons = told[told.index("") + 2 :]
    assert [line.partition(",")[0] for line in lessons] == ["Ada", "Ben"]
    assert "No depth is surely better" in lessons[0]
    assert "Everything is worth thawing" in lessons[1]
    for person in people.everybody(room):
        ws = room.workspace(person.id)
        assert handing.is_handed_out(ws, handed)
        [attempt] = attempts.all_attempts(ws).values()
        assert attempt.dataset_ids == (handed,)
