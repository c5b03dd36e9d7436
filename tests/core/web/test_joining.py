"""The door of a class: how pupils and the teacher come in, go, and come back."""

import time
from html import escape

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.classroom import people
from core.classroom.folder import SWITCH, ClassFolder, folder_in
from core.web import access, greeting, middleware, uploads
from core.workspace import Workspace

TEACHER_CODE = "TEACH-ER23-4567"
HTML = {"accept": "text/html"}


@pytest.fixture
def room(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> ClassFolder:
    monkeypatch.setenv(SWITCH, "1")
    ws.root.mkdir()
    return folder_in(ws.root)


def visitor(room: ClassFolder, *, base: str = "", address: str = "10.0.0.1", app=None):
    """Make a browser of its own; ``app`` is that of another one."""
    app = app or app_of(room, base=base)
    return TestClient(app, "http://thaw.school", follow_redirects=False, client=(address, 1))


def app_of(room: ClassFolder, *, base: str = "") -> Starlette:
    async def socket(websocket):
        await websocket.accept()
        await websocket.close()

    def inside(request: Request) -> PlainTextResponse:
        root = access.open_workspace(request.cookies, room.teacher.root).root
        return PlainTextResponse(root.name)

    return Starlette(
        routes=[
            WebSocketRoute("/_stcore/stream", socket),
            Route("/{path:path}", inside, methods=["GET", "POST"]),
        ],
        middleware=middleware.for_class(room.teacher.root, teacher_code=TEACHER_CODE, base=base),
    )


def join(client: TestClient, room: ClassFolder, nickname: str = "Ada"):
    code = people.settings(room).join_code
    client.get("/", headers=HTML)
    return client.post("/join", data={"code": code, "nickname": nickname})


def test_a_nickname_and_the_join_code_give_a_workspace_of_ones_own(room):
    app = app_of(room)
    ada, ben = visitor(room, app=app), visitor(room, app=app)

    answer = join(ada, room, "Ada")
    join(ben, room, "Ben")

    known = {person.nickname: person.id for person in people.everybody(room)}
    assert answer.status_code == 303
    assert ada.get("/").text == known["Ada"]
    assert ben.get("/").text == known["Ben"]


def test_the_cookie_is_for_our_own_pages_and_no_script(room):
    answer = join(visitor(room), room)

    [cookie] = [c for c in answer.headers.get_list("set-cookie") if "thaw_person" in c]
    assert "httponly" in cookie.lower()
    assert "samesite=strict" in cookie.lower()
    assert "Ada" not in cookie


@pytest.mark.parametrize("path", ["/", "/data", "/api/upload", "/media/x", "/api/runs/x/metrics"])
def test_a_stranger_meets_the_join_page_and_nothing_else(room, path):
    stranger = visitor(room)

    assert stranger.get(path).status_code == 401
    assert stranger.post(path).status_code == 401
    assert "nickname" in stranger.get(path, headers=HTML).text
    with pytest.raises(WebSocketDisconnect):
        stranger.websocket_connect("/_stcore/stream").__enter__()


@pytest.mark.parametrize(
    "cookies",
    [
        {access.COOKIE: "the key of personal use"},
        {access.PERSON_COOKIE: "forged"},
        {access.PERSON_COOKIE: "an upload ticket"},
        {access.PERSON_COOKIE: "somebody who is not there"},
    ],
)
def test_no_other_cookie_lets_in(room, cookies):
    key = access.secret(room.teacher.root)
    made = {
        "the key of personal use": access.sign("default", key),
        "an upload ticket": uploads.ticket("x", key),
        "somebody who is not there": access.sign_person("0" * 32, key),
    }
    stranger = visitor(room)
    for name, value in cookies.items():
        stranger.cookies.set(name, made.get(value, value))

    assert stranger.get("/").status_code == 401


def test_the_cookie_of_a_class_opens_nothing_for_one_person_alone(room, monkeypatch):
    ada = people.join(room, "Ada")
    cookie = access.sign_person(ada.id, access.secret(room.teacher.root))
    monkeypatch.delenv(SWITCH)

    found = access.open_workspace({access.PERSON_COOKIE: cookie}, room.teacher.root)

    assert found == room.teacher  # as if it were not there: a class of old locks nobody out
    assert access.workspace_name(cookie, access.secret(room.teacher.root)) is None


def test_who_lost_the_cookie_comes_back_with_the_code_that_the_teacher_sees(room):
    join(visitor(room), room)
    [ada] = people.everybody(room)
    elsewhere = visitor(room)

    answer = elsewhere.post("/return", data={"code": ada.code.lower()})

    assert answer.status_code == 303
    assert elsewhere.get("/").text == ada.id
    assert len(people.everybody(room)) == 1


def test_the_teacher_comes_in_with_the_code_that_was_printed(room, ws):
    teacher = visitor(room)

    assert teacher.post("/return", data={"code": TEACHER_CODE}).status_code == 303
    assert teacher.get("/").text == ws.root.name
    assert visitor(room).post("/join", data={"code": TEACHER_CODE}).status_code == 403


def test_the_join_code_alone_is_nobodys_own_code(room):
    code = people.settings(room).join_code

    assert visitor(room).post("/return", data={"code": code}).status_code == 403


def test_who_leaves_is_out_in_every_window_of_that_browser_and_nowhere_else(room):
    here, phone = visitor(room), visitor(room)
    join(here, room)
    [ada] = people.everybody(room)
    phone.post("/return", data={"code": ada.code})
    other_window = visitor(room)
    other_window.cookies.set(access.PERSON_COOKIE, here.cookies[access.PERSON_COOKIE])

    assert ada.code in here.get("/leave").text
    assert here.post("/leave").status_code == 303

    assert here.get("/").status_code == 401
    assert other_window.get("/").status_code == 401
    assert phone.get("/").text == ada.id


def test_who_is_removed_is_out_at_once(room):
    client = visitor(room)
    join(client, room)

    people.remove(room, people.named(room, "Ada"))

    assert client.get("/").status_code == 401


def test_who_is_in_is_led_home_from_the_join_page(room):
    client = visitor(room)
    join(client, room)

    answer = client.get("/join?code=x")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_wrong_code_says_so_and_keeps_the_nickname(room):
    answer = visitor(room).post("/join", data={"code": "WRNG-2345", "nickname": "<Ada>"})

    assert answer.status_code == 403
    assert escape("<Ada>") in answer.text
    assert "<Ada>" not in answer.text
    assert people.everybody(room) == []


def test_a_nickname_that_shows_nothing_is_explained_and_costs_no_attempt(room):
    client = visitor(room)

    answers = [join(client, room, " ") for _ in range(8)]

    assert {answer.status_code for answer in answers} == {422}
    assert "Type a nickname." in answers[-1].text


def test_wrong_guesses_of_one_hold_up_nobody_else_behind_the_same_address(room):
    app = app_of(room)
    guesser, ada, code = visitor(room, app=app), visitor(room, app=app), {"code": "WRNG-2345"}
    guesser.get("/", headers=HTML)

    statuses = [guesser.post("/return", data=code).status_code for _ in range(20)]

    assert statuses == [403] * 5 + [429] * 15
    assert join(ada, room).status_code == 303


def test_a_guesser_who_forgets_cookies_is_held_by_the_address(room):
    app = app_of(room)
    statuses = []
    for _ in range(40):
        guesser = visitor(room, app=app)
        guesser.get("/", headers=HTML)
        statuses.append(guesser.post("/return", data={"code": "WRNG-2345"}).status_code)

    assert statuses == [403] * 30 + [429] * 10
    assert join(visitor(room, app=app, address="10.0.0.2"), room).status_code == 303


def test_another_sites_page_can_neither_join_nor_leave(room):
    client = visitor(room)
    join(client, room)
    foreign = {"origin": "https://evil.example"}

    assert client.post("/leave", headers=foreign).status_code == 403
    assert visitor(room).post("/join", headers=foreign).status_code == 403


def test_the_join_page_speaks_chinese_and_fills_the_code_in(room):
    asked = HTML | {"accept-language": "zh-CN"}

    page = visitor(room).get("/join?code=ABCD-EF%22GH", headers=asked).text

    assert 'lang="zh-CN"' in page
    assert "昵称" in page
    assert 'value="ABCD-EF&quot;GH"' in page


def test_the_door_stands_below_the_path_of_the_app(room):
    client = visitor(room, base="thaw")
    code = people.settings(room).join_code

    form = client.get("/thaw/", headers=HTML).text
    answer = client.post("/thaw/join", data={"code": code, "nickname": "Ada"})

    assert 'action="/thaw/join"' in form
    assert answer.headers["location"] == "/thaw/"


def test_the_window_shows_a_class_how_to_join(room, ws):
    shown = greeting.lines(["http://127.0.0.1:8501/", "http://10.0.0.5:8501/"], "T-CODE", ws.root)

    code = people.settings(room).join_code
    assert any(code in line and "http://10.0.0.5:8501/" in line for line in shown)
    assert any("T-CODE" in line for line in shown)
    link = greeting.join_link("http://10.0.0.5:8501/", code)
    assert link == f"http://10.0.0.5:8501/join?code={code}"
    assert "█" in "".join(shown)
    assert set(greeting.qr_lines(link)) <= set(shown)


def test_one_person_alone_sees_what_was_there_before(ws):
    assert greeting.lines(["http://127.0.0.1:8501/"], "", ws.root) == [
        "  Thaw is open at http://127.0.0.1:8501/"
    ]
    assert greeting.lines(["http://10.0.0.5:8501/"], "ABCD", ws.root)[1:] == ["  Access code: ABCD"]


def test_a_new_code_puts_out_whoever_came_in_with_the_old_one(room, monkeypatch):
    app = app_of(room)
    ada, thief = visitor(room, app=app), visitor(room, app=app)
    join(ada, room)
    person = people.everybody(room)[0]
    thief.get("/", headers=HTML)
    thief.post("/return", data={"code": person.code})
    assert thief.get("/").text == person.id
    now = time.time()
    monkeypatch.setattr(people.time, "time", lambda: now + 5)

    people.renew_code(room, person)

    assert [one.get("/").status_code for one in (ada, thief)] == [401, 401]
    monkeypatch.undo()


def test_however_often_somebody_leaves_no_old_cookie_lets_in_again(room, monkeypatch):
    monkeypatch.setattr(people, "MOST_LEFT", 2)
    ada = visitor(room)
    join(ada, room)
    person = people.everybody(room)[0]
    old = ada.cookies[access.PERSON_COOKIE]
    now = time.time()
    monkeypatch.setattr(people.time, "time", lambda: now + 5)

    ada.post("/leave")
    for number in range(3):
        people.leave(room, person, f"other {number}")

    ada.cookies.set(access.PERSON_COOKIE, old)
    assert ada.get("/").status_code == 401


def test_the_cookie_that_tells_browsers_apart_goes_over_https_alone_where_there_is_https(room):
    client = TestClient(app_of(room), "https://thaw.school")

    assert "Secure" in client.get("/", headers=HTML).headers["set-cookie"]
    assert "Secure" not in visitor(room).get("/", headers=HTML).headers["set-cookie"]


def test_the_teacher_is_told_how_to_come_back(room):
    teacher = visitor(room)
    teacher.get("/", headers=HTML)
    teacher.post("/return", data={"code": TEACHER_CODE})

    page = teacher.get("/leave", headers=HTML).text

    assert "Leave on this device?" in page
    assert TEACHER_CODE not in page
