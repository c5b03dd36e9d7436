"""Access: codes, cookies, and middleware that asks for them."""

import asyncio
import os
import resource
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core import files
from core.classroom import codes
from core.errors import UserError
from core.web import access, attempts, middleware, sign_in
from core.web.attempts import Attempts

CODE = "ABCD-2345"


def client(address: str = "127.0.0.1", code: str = "", host: str = "localhost", base: str = ""):
    async def socket(websocket):
        await websocket.accept()
        await websocket.send_text("hello")
        await websocket.close()

    def everything(request):
        return PlainTextResponse("inside")

    app = Starlette(
        routes=[
            WebSocketRoute("/_stcore/stream", socket),
            Route("/{path:path}", everything, methods=["GET", "POST"]),
        ],
        middleware=middleware.middleware(address=address, code=code, key="key", base=base),
    )
    return TestClient(app, base_url=f"http://{host}", follow_redirects=False)


@pytest.mark.parametrize(
    ("address", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("", False),
        (None, False),
        ("example.org", False),
    ],
)
def test_only_addresses_of_this_machine_count_as_loopback(address, alone):
    assert access.is_loopback(address) is alone


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1", ["http://127.0.0.1:8501/"]),  # also where a code guards it
        ("localhost", ["http://localhost:8501/"]),
        ("::1", ["http://[::1]:8501/"]),
        ("192.168.1.5", ["http://192.168.1.5:8501/"]),
        ("0.0.0.0", ["http://127.0.0.1:8501/", f"http://{access.own_address()}:8501/"]),
        (None, ["http://127.0.0.1:8501/", f"http://{access.own_address()}:8501/"]),
    ],
)
def test_only_addresses_that_are_open_are_said(address, said):
    assert access.web_addresses(address, 8501) == list(dict.fromkeys(said))


def test_the_path_and_the_scheme_are_part_of_the_address():
    assert access.web_addresses("::1", 80, "thaw", "https") == ["https://[::1]:80/thaw"]


def test_a_code_is_compared_without_case_and_dashes():
    code = codes.new_code()

    assert codes.same_code(code.lower().replace("-", " "), code)
    assert not codes.same_code("", code)
    assert not codes.same_code(codes.new_code(), code)


def test_the_secret_is_made_once_and_for_the_owner_only(tmp_path):
    first = access.secret(tmp_path / "new")

    assert access.secret(tmp_path / "new") == first
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o077 == 0


def test_a_secret_that_could_not_be_written_is_made_at_the_next_start(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # as on a full disk
    try:
        with pytest.raises(OSError):
            access.secret(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert len(access.secret(tmp_path)) > 40


@pytest.mark.parametrize("number", files.CLOSED)
def test_where_nothing_may_be_written_the_secret_lasts_as_long_as_the_process(
    tmp_path, monkeypatch, number
):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number), str(tmp_path))

    monkeypatch.setattr(access.locks, "hold_where_possible", refuse)

    first = access.secret(tmp_path)

    assert len(first) > 40
    assert access.secret(tmp_path) == first
    assert access.secret(tmp_path / "other") != first
    assert list(tmp_path.iterdir()) == [tmp_path / "other"]


def test_an_empty_secret_signs_nothing(tmp_path):
    (tmp_path / "secret.key").touch()

    assert access.workspace_name(access.sign("default", ""), access.secret(tmp_path)) is None


def test_several_that_start_at_once_have_one_secret(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        for number in range(20):
            keys = set(pool.map(access.secret, [tmp_path / str(number)] * 8))

            assert len(keys) == 1
            assert keys != {""}


def test_a_cookie_names_a_workspace_and_cannot_be_forged():
    cookie = access.sign("default", "key")

    assert access.workspace_name(cookie, "key") == "default"
    assert access.workspace_name(cookie, "other key") is None
    assert access.workspace_name(cookie[:-2], "key") is None
    assert access.workspace_name(None, "key") is None


def test_another_workspace_than_the_one_there_is_stays_closed(tmp_path):
    cookie = access.sign("elsewhere", access.secret(tmp_path))

    with pytest.raises(PermissionError):
        access.open_workspace({access.COOKIE: cookie}, tmp_path)
    assert access.open_workspace({}, tmp_path).root == tmp_path


def test_on_this_machine_no_code_is_asked_for():
    assert client().get("/").text == "inside"


def test_a_foreign_host_name_is_refused_on_this_machine():
    assert client(host="evil.example").get("/").status_code == 421
    with pytest.raises(WebSocketDisconnect):
        client(host="evil.example").websocket_connect("/_stcore/stream").__enter__()


@pytest.mark.parametrize("code", ["", CODE])
@pytest.mark.parametrize("origin", ["https://evil.example", "http://[", "null"])
def test_another_sites_page_can_neither_post_nor_open_a_socket(code, origin):
    visitor = client("0.0.0.0" if code else "127.0.0.1", code)
    foreign = {"origin": origin}

    assert visitor.post("/api/upload", headers=foreign).status_code == 403
    with pytest.raises(WebSocketDisconnect):
        visitor.websocket_connect("/_stcore/stream", headers=foreign).__enter__()


def test_our_own_page_may_post():
    answer = client().post("/api/upload", headers={"origin": "http://localhost"})

    assert answer.text == "inside"


def test_an_app_open_to_a_network_cannot_be_built_without_a_code():
    with pytest.raises(ValueError, match="access code"):
        middleware.middleware(address="0.0.0.0", code="", key="key")


@pytest.mark.parametrize("path", ["/", "/data", "/api/upload", "/media/x", "/_stcore/upload_file"])
def test_without_the_code_nothing_is_served(path):
    visitor = client("0.0.0.0", CODE, "thaw.school")

    assert visitor.get(path).status_code == 401
    assert visitor.post(path).status_code == 401
    assert "inside" not in visitor.get(path, headers={"accept": "text/html"}).text


def test_without_the_code_the_websocket_stays_shut():
    with pytest.raises(WebSocketDisconnect):
        client("0.0.0.0", CODE).websocket_connect("/_stcore/stream").__enter__()


def test_the_right_code_lets_in_and_is_remembered():
    visitor = client("0.0.0.0", CODE)

    answer = visitor.post("/sign-in", data={"code": "abcd 2345"})

    assert answer.status_code == 303
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert visitor.get("/").text == "inside"
    bearer = {"cookie": f"{access.COOKIE}={visitor.cookies[access.COOKIE]}"}
    with visitor.websocket_connect("/_stcore/stream", headers=bearer) as socket:
        assert socket.receive_text() == "hello"


def test_what_is_no_form_is_a_wrong_code():
    garbage = {"content-type": "multipart/form-data; boundary=x"}

    answer = client("0.0.0.0", CODE).post("/sign-in", content=b"garbage", headers=garbage)

    assert answer.status_code == 403


def test_the_form_works_below_a_path():
    visitor = client("0.0.0.0", CODE, base="thaw")

    form = visitor.get("/thaw/data", headers={"accept": "text/html"}).text
    answer = visitor.post("/thaw/sign-in", data={"code": CODE})

    assert 'action="/thaw/sign-in"' in form
    assert answer.headers["location"] == "/thaw/"


def test_guessing_codes_is_slowed_down():
    visitor = client("0.0.0.0", CODE)

    answers = [visitor.post("/sign-in", data={"code": f"WRNG{i}"}).status_code for i in range(7)]

    assert answers == [403] * 5 + [429] * 2
    assert visitor.post("/sign-in", data={"code": CODE}).status_code == 429


def test_a_minute_later_one_may_try_again():
    now = [0.0]
    attempts = Attempts(clock=lambda: now[0])
    for _ in range(5):
        assert attempts.begin("10.0.0.1")

    assert not attempts.begin("10.0.0.1")
    assert attempts.begin("10.0.0.2")
    now[0] = 61
    assert attempts.begin("10.0.0.1")


def test_the_right_code_costs_no_attempt():
    attempts = Attempts()

    for _ in range(30):  # a class behind one address
        assert attempts.begin("10.0.0.1")
        attempts.succeeded("10.0.0.1")


def test_one_address_that_guesses_locks_nobody_else_out():
    attempts = Attempts()

    begun = [attempts.begin("10.0.0.1") for _ in range(400)]
    begun += [attempts.begin(f"fd00:1::{number:x}") for number in range(400)]  # one machine, too
    begun += [attempts.begin(f"::ffff:10.0.0.{number % 2}") for number in range(400)]

    assert sum(begun) == 5 + 5 + 5  # 10.0.0.1 had used up its own
    assert attempts.begin("10.0.0.9")
    assert attempts.begin("fd00:2::1")
    assert attempts.begin("a name")


def test_a_code_outlasts_an_hour_of_guessing_at_the_limit():
    guesses = 60 * attempts.MOST_OF_ALL
    possible = len(set(codes.ALPHABET)) ** codes.CODE_SIGNS

    assert possible > 2**39
    assert guesses / possible < 1e-6
    drawn = {sign for _ in range(500) for sign in codes.new_code()}
    assert drawn == {*codes.ALPHABET, "-"}


@pytest.mark.parametrize("chosen", ["-", " ", "thaw", "AB-CD-EF"])
def test_a_code_that_is_guessed_soon_is_refused(chosen):
    with pytest.raises(UserError, match="At least 8"):
        access.code_for("0.0.0.0", chosen)


def test_a_code_is_made_only_for_a_network_and_a_chosen_one_kept():
    assert access.code_for("127.0.0.1", "") == ""
    assert len(access.code_for("0.0.0.0", "")) == 9
    assert access.code_for("127.0.0.1", CODE) == CODE


async def _post_slowly(app, client: str, code: str, may_send: asyncio.Event) -> int:
    """Send the head of a sign-in, and the body once all heads are there; give the status."""
    sent: list[dict] = []

    async def receive():
        await may_send.wait()
        return {"type": "http.request", "body": f"code={code}".encode(), "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/sign-in",
        "query_string": b"",
        "headers": [(b"host", b"thaw.school")],
        "client": (client, 1),
        "server": ("thaw.school", 80),
        "scheme": "http",
    }
    await app(scope, receive, send)
    return int(sent[0]["status"])


def test_codes_that_come_all_at_once_are_counted_before_they_are_read():
    async def inside(scope, receive, send):
        raise AssertionError("nobody may come in")

    async def crowd() -> list[int]:
        app, may_send = sign_in.AccessCode(inside, code=CODE, key="key"), asyncio.Event()
        codes = [*(f"WRNG-{number:04}" for number in range(399)), CODE]
        posts = [
            asyncio.create_task(_post_slowly(app, "10.0.0.1", code, may_send)) for code in codes
        ]
        await asyncio.sleep(0.05)
        may_send.set()
        statuses = await asyncio.gather(*posts)
        return [*statuses, await _post_slowly(app, "10.0.0.2", CODE, may_send)]

    statuses = asyncio.run(crowd())

    assert statuses == [403] * 5 + [429] * 395 + [303]


@pytest.mark.parametrize("body", [b"x" * 9_000, b"code=%ff", b"code", b"\xff\xfe"])
def test_a_form_that_is_too_long_or_odd_is_a_wrong_code(body):
    assert client("0.0.0.0", CODE).post("/sign-in", content=body).status_code == 403


def test_every_answer_carries_the_safe_headers():
    headers = client().get("/").headers

    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_the_language_of_the_address_is_kept_in_a_cookie():
    assert "thaw_lang=zh_CN" in client().get("/?lang=zh_CN").headers["set-cookie"]
    assert "set-cookie" not in client().get("/?lang=%0d%0aevil").headers
    assert "set-cookie" not in client().get("/").headers
