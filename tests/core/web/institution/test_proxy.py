"""People whom a proxy signs in: its header counts from its address alone, and only once."""

import time
from collections.abc import Iterator

import pytest
from starlette.websockets import WebSocketDisconnect

from core.classroom import people
from core.classroom.folder import TEACHER
from core.web import access
from tests.core.web.institution.conftest import BEHIND

HTML = {"accept": "text/html"}
ADA = {"x-user": "ada", "x-name": "Ada"}
PATHS = [
    *("/", "/data", "/classroom", "/media/x.png", "/static/js/main.js", "/assets/plotly.min.js"),
    *("/api/upload", "/api/runs/x/metrics", "/api/class/work.zip", "/api/live", "/shared/x"),
    *("/collect/x", "/_stcore/upload_file/x/y", "/_stcore/host-config", "/join", "/return"),
    *("/leave", "/sign-in", "/auth/login", "/auth/logout", "/oauth2callback", "/%2e%2e/data"),
]


def test_the_proxy_says_who_comes_in_and_the_same_one_has_the_same_workspace(visitor, room):
    first = visitor().get("/", headers=ADA)
    again = visitor().get("/data", headers={"X-USER": "ada", "X-Name": "Ada King"})

    [ada] = people.everybody(room)
    assert first.text == again.text == ada.id
    assert ada.nickname == "Ada King"
    assert visitor().get("/", headers={"x-user": "ben"}).text not in ("", ada.id)


def test_a_listed_group_teaches(visitor, room):
    answer = visitor().get("/", headers=ADA | {"x-groups": "pupils, staff"})

    assert answer.text == room.teacher.root.name
    assert people.everybody(room) == []


@pytest.mark.parametrize("path", PATHS)
def test_whom_the_proxy_did_not_name_sees_nothing_by_any_way(visitor, path):
    stranger = visitor()

    for method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "BREW"):
        assert stranger.request(method, path).status_code in (401, 303), method
    assert stranger.get(path, headers=HTML).status_code in (401, 303)
    with pytest.raises(WebSocketDisconnect) as closed:
        stranger.websocket_connect(path).__enter__()
    assert closed.value.code == 1008


def test_how_the_server_is_may_be_asked_by_all(visitor):
    assert visitor(address="192.168.0.9").get("/_stcore/health").text == "ok"


def test_the_header_lets_a_socket_in_from_the_proxy_alone(visitor, room):
    with visitor().websocket_connect("/_stcore/stream", headers=ADA) as socket:
        told = socket.receive_text()

    assert told == people.everybody(room)[0].id
    with pytest.raises(WebSocketDisconnect):
        visitor(address="10.0.0.6").websocket_connect("/_stcore/stream", headers=ADA).__enter__()


FORWARDED = [
    {},
    {"x-forwarded-for": "10.0.0.5"},
    {"x-forwarded-for": "10.0.0.5, 10.0.0.5"},
    {"forwarded": "for=10.0.0.5"},
    {"x-real-ip": "10.0.0.5"},
    {"x-client-ip": "10.0.0.5", "true-client-ip": "10.0.0.5"},
    {"host": "10.0.0.5"},
    {"via": "10.0.0.5"},
]


@pytest.mark.parametrize("address", ["10.0.0.50", "127.0.0.1", "fd00::6", "testclient", ""])
def test_from_any_other_address_the_header_is_ignored(visitor, room, address):
    client = visitor(address=address)
    for more in FORWARDED:
        answer = client.get("/", headers=ADA | {"x-groups": "staff"} | more)
        assert answer.status_code == 401, more

    assert people.everybody(room) == []


@pytest.mark.parametrize("address", ["10.0.0.5", "::ffff:10.0.0.5", "fd00::5", "fd00::5%eth0"])
def test_a_listed_address_counts_in_each_of_its_spellings(visitor, address):
    assert visitor(address=address).get("/", headers=ADA).status_code == 200


def test_a_server_without_addresses_believes_nobody(visitor, room):
    from core.web.institution import believed

    scope = {"type": "http", "client": None, "headers": [(b"x-user", b"ada")]}

    assert believed.by_header(scope, BEHIND) is None


def twice(*names: str) -> Iterator[list[tuple[str, str]]]:
    for name in names:
        yield [("x-user", "ada"), (name, "other")]
        yield [(name, "other"), ("x-user", "ada")]


@pytest.mark.parametrize(
    "headers",
    [
        *twice("x-user", "X-User", "X-USER"),
        [("x-user", "ada"), ("x-groups", "pupils"), ("x-groups", "staff")],
        [("x-user", "ada"), ("X-Groups", "staff"), ("x-groups", "")],
        [("x-user", "ada"), ("x-user", "ada")],
    ],
)
def test_a_header_that_came_twice_names_nobody(visitor, room, headers):
    assert visitor().get("/", headers=headers).status_code == 401
    assert people.everybody(room) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"x_user": "ada"},
        {"x-user": ""},
        {"x-user": "  "},
        {"x-user": "a\tda"},
        {"x-user": "a" * 256},
        {"x-users": "ada"},
        {"x-user": "ada\u200b".encode()},
        {"x-user": "ada\x7f"},
    ],
)
def test_what_names_nobody_lets_nobody_in(visitor, room, headers):
    assert visitor().get("/", headers=headers).status_code == 401
    assert people.everybody(room) == []


def test_a_cookie_that_a_browser_brings_changes_nothing(visitor, room):
    visitor().get("/", headers=ADA)
    [ada] = people.everybody(room)
    teacher = access.sign_person(TEACHER, access.secret(room.teacher.root))
    mine = visitor(), visitor(address="10.0.0.6")

    for name in (access.PERSON_COOKIE, f" {access.PERSON_COOKIE}"):
        line = {"cookie": f"a=b; {name}={teacher}; thaw_lang=en; {name}={teacher}"}
        assert mine[0].get("/", headers=ADA | line).text == ada.id
        assert mine[0].get("/", headers=line).status_code == 401
        assert mine[1].get("/", headers=ADA | line).status_code == 401
    several = [("cookie", f"{access.PERSON_COOKIE}={teacher}"), *ADA.items(), ("cookie", "a=b")]
    assert mine[0].get("/", headers=several).text == ada.id


def test_no_answer_gives_a_cookie_that_would_let_in_without_the_proxy(visitor):
    answer = visitor().get("/", headers=ADA)

    assert "set-cookie" not in answer.headers


def test_who_was_taken_out_is_told_so_and_comes_in_no_more(visitor, room):
    client = visitor()
    client.get("/", headers=ADA)
    [ada] = people.everybody(room)

    people.remove(room, ada)

    answer = client.get("/", headers=ADA | HTML)
    assert answer.status_code == 403
    assert "You were taken out" in answer.text
    assert client.get("/api/x", headers=ADA).status_code == 403
    with pytest.raises(WebSocketDisconnect):
        client.websocket_connect("/_stcore/stream", headers=ADA).__enter__()


def test_where_nothing_can_be_written_that_is_said(visitor, room):
    client = visitor()
    people.settings(room)
    (room.path / "workspaces").write_text("in the way", encoding="utf-8")

    first = client.get("/", headers=ADA | HTML)
    (room.path / "workspaces").unlink()
    client.get("/", headers=ADA)
    [known] = room.identities.glob("*.json")
    known.write_text("damaged", encoding="utf-8")
    second = client.get("/", headers=ADA | HTML)

    assert [answer.status_code for answer in (first, second)] == [403, 403]
    assert all("its disk may be full" in answer.text for answer in (first, second))
    assert [person.nickname for person in people.everybody(room)] == ["Ada"]


def test_signing_out_ends_what_was_open_and_leads_on_to_the_proxy(visitor, room):
    client = visitor()
    with client.websocket_connect("/", headers=ADA) as socket:
        socket.receive_text()
    cookie = cookie_inside(visitor, room)

    form = client.get("/leave", headers=ADA | HTML)
    answer = client.post("/leave", headers=ADA)

    assert "Signed in as Ada." in form.text
    assert "https://sso.example/out" in answer.text
    assert access.person_of(cookie, room.teacher.root) is None
    assert client.get("/", headers=ADA).text == people.everybody(room)[0].id


def cookie_inside(visitor, room) -> dict[str, str]:
    """Give what a window that is open has been told."""
    from core.institution import admission, identities
    from core.institution.records import Claims
    from core.web.institution import door

    claims = Claims(issuer="proxy", subject="ada", name="Ada")
    found = admission.admit(room, BEHIND, claims)
    signed = door.SignedIn(claims, "", time.time() + 60)
    assert found.key == identities.key_of(claims)
    key = access.secret(room.teacher.root)
    name = door._sign_in(found, signed)
    cookie = access.sign_person(found.person.id, key, sign_in=name, until=signed.until)
    assert access.person_of({access.PERSON_COOKIE: cookie}, room.teacher.root) is not None
    return {access.PERSON_COOKIE: cookie}


def test_what_was_signed_for_some_hours_ends_with_them(room):
    ada = people.join(room, "Ada")
    key = access.secret(room.teacher.root)
    cookies = [
        {access.PERSON_COOKIE: access.sign_person(ada.id, key, sign_in="x", until=until)}
        for until in (time.time() + 60, time.time() - 1)
    ]

    found = [access.person_of(cookie, room.teacher.root) for cookie in cookies]

    assert found == [ada, None]


def test_the_door_stands_below_the_path_of_the_app(visitor):
    client = visitor(base="thaw")

    assert client.get("/thaw/", headers=ADA).status_code == 200
    assert client.get("/thaw/_stcore/health").text == "ok"
    assert client.get("/_stcore/health").status_code == 401
    assert 'action="/thaw/leave"' in client.get("/thaw/leave", headers=ADA).text


def test_another_sites_page_signs_nobody_out(visitor):
    foreign = ADA | {"origin": "https://evil.example"}

    assert visitor().post("/leave", headers=foreign).status_code == 403


def test_what_strangers_see_speaks_chinese_and_names_nobody(visitor, room):
    page = visitor().get("/", headers=HTML | {"accept-language": "zh-CN"})

    assert 'lang="zh-CN"' in page.text
    assert "Thaw" in page.text
    assert "cache-control" in page.headers
