"""Access: codes, cookies, and middleware that asks for them."""

import resource
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core import access, guard

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
        middleware=guard.middleware(address=address, code=code, key="key", base=base),
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


def test_a_code_is_compared_without_case_and_dashes():
    code = access.new_code()

    assert access.same_code(code.lower().replace("-", " "), code)
    assert not access.same_code("", code)
    assert not access.same_code(access.new_code(), code)


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
        access.open_workspace(cookie, tmp_path)
    assert access.open_workspace(None, tmp_path).root == tmp_path


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
        guard.middleware(address="0.0.0.0", code="", key="key")


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
    attempts = access.Attempts(clock=lambda: now[0])
    for _ in range(5):
        attempts.failed("10.0.0.1")

    assert not attempts.allowed("10.0.0.1")
    assert attempts.allowed("10.0.0.2")
    now[0] = 61
    assert attempts.allowed("10.0.0.1")


def test_every_answer_carries_the_safe_headers():
    headers = client().get("/").headers

    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_the_language_of_the_address_is_kept_in_a_cookie():
    assert "thaw_lang=zh_CN" in client().get("/?lang=zh_CN").headers["set-cookie"]
    assert "set-cookie" not in client().get("/?lang=%0d%0aevil").headers
    assert "set-cookie" not in client().get("/").headers
