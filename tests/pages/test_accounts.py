"""Signing in with OpenID Connect, through Streamlit's own routes, at a provider made for it."""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette.starlette_auth_routes import create_auth_routes

from core.classroom import audit, people
from core.classroom.folder import ACCOUNTS, ClassFolder, folder_in
from core.errors import UserError
from core.institution.records import Institution, Listed
from core.records.classroom import ActKind
from core.web import access, middleware
from core.workspace import Workspace
from pages._classroom import accounts
from tests import oidc_provider
from tests.oidc_provider import CLIENT, Provider

HOME = "http://127.0.0.1:8501"
HTML = {"accept": "text/html"}
STAFF = Institution(title="Northfield", teachers=Listed(groups=("staff",)))
USER = "_streamlit_user"


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[Provider]:
    with oidc_provider.running() as provider:
        yield provider


@pytest.fixture
def provider(shared_provider: Provider) -> Iterator[Provider]:
    before = dict(vars(shared_provider))
    before["people"] = {name: dict(claims) for name, claims in shared_provider.people.items()}
    yield shared_provider
    vars(shared_provider).update(before)


@pytest.fixture
def secrets(tmp_path: Path, provider: Provider) -> Iterator[Path]:
    path = tmp_path / "secrets.toml"
    path.write_text(oidc_provider.secrets_toml(provider, HOME), encoding="utf-8")
    before = config.get_option("secrets.files")
    config.set_option("secrets.files", [str(path)])
    secrets_singleton._reset()
    yield path
    config.set_option("secrets.files", before)
    secrets_singleton._reset()


@pytest.fixture
def room(ws: Workspace, secrets: Path, monkeypatch: pytest.MonkeyPatch) -> ClassFolder:
    monkeypatch.setenv(ACCOUNTS, "/settings.toml")
    ws.root.mkdir()
    return folder_in(ws.root)


@pytest.fixture
def browser(room: ClassFolder):
    return visitor(app_of(room))


def visitor(app: Starlette) -> TestClient:
    return TestClient(app, HOME, follow_redirects=False, raise_server_exceptions=False)


def app_of(room: ClassFolder, institution: Institution = STAFF) -> Starlette:
    def inside(request: Request) -> PlainTextResponse:
        return PlainTextResponse(
            access.open_workspace(request.cookies, room.teacher.root).root.name
        )

    async def socket(websocket):
        await websocket.accept()
        await websocket.close()

    door = middleware.for_institution(
        room.teacher.root, institution, login=accounts.login(institution)
    )
    return Starlette(
        routes=[
            *create_auth_routes(""),
            WebSocketRoute("/{path:path}", socket),
            Route("/{path:path}", inside),
        ],
        middleware=[*door, Middleware(SessionMiddleware, secret_key="of the session")],
    )


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given):
        return None


def at_provider(address: str) -> str:
    """Go to the provider as a browser does; give where it leads back to, below our address."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=10)
    except urllib.error.HTTPError as error:
        return error.headers["location"].removeprefix(HOME)
    raise AssertionError("it asks for something")


def begin(browser: TestClient, name: str = "default") -> str:
    """Go as far as to the provider, and back to the door."""
    led = browser.get(f"/sign-in?with={name}").headers["location"]
    return at_provider(browser.get(led).headers["location"])


def sign_in(browser: TestClient, provider: Provider, who: str = "ada"):
    provider.next_login = who
    return browser.get(begin(browser))


def test_who_signs_in_has_a_workspace_and_the_same_one_again(browser, provider, room):
    answer = sign_in(browser, provider)
    first = browser.get("/").text
    provider.people["ada"] |= {"name": "Ada King", "email": "king@other.example"}
    elsewhere = visitor(app_of(room))
    provider.twist = lambda c: c | {"iat": c["iat"] + 2}
    sign_in(elsewhere, provider)

    assert (answer.status_code, answer.headers["location"]) == (302, "/")
    assert elsewhere.get("/").text == first == browser.get("/").text
    [ada] = people.everybody(room)
    assert (ada.id, ada.nickname) == (first, "Ada King")
    with browser.websocket_connect(f"ws{HOME[4:]}/_stcore/stream"):
        pass
    assert [act.verb for act in audit.read(room)][:2] == [ActKind.JOIN, ActKind.SIGN_IN]


def test_who_is_in_a_listed_group_teaches(browser, provider, room):
    sign_in(browser, provider, "grace")

    assert browser.get("/").text == room.teacher.root.name


def test_a_stranger_sees_where_to_sign_in_and_nothing_else(browser, room):
    page = browser.get("/data", headers=HTML)

    assert page.status_code == 401
    assert "Sign in with your account of Northfield." in page.text
    assert 'href="/sign-in?with=default"' in page.text
    assert browser.get("/data").status_code == 401
    assert browser.post("/auth/login").status_code == 303
    assert browser.get("/auth/login").headers["location"] == "/"  # no provider
    with pytest.raises(WebSocketDisconnect):
        browser.websocket_connect(f"ws{HOME[4:]}/_stcore/stream").__enter__()
    assert people.everybody(room) == []


def test_a_header_or_the_cookie_of_a_class_lets_nobody_in(browser, room):
    ada = people.join(room, "Ada")
    cookie = access.sign_person(ada.id, access.secret(room.teacher.root))
    browser.cookies.set(access.PERSON_COOKIE, cookie)

    assert browser.get("/", headers={"x-user": "ada", "x-remote-user": "ada"}).status_code == 401


def an_hour_ago(claims: dict) -> dict:
    return claims | {"iat": claims["iat"] - 7200, "exp": claims["exp"] - 7200}


WRONG = {
    "of another issuer": {"twist": lambda c: c | {"iss": "https://evil.example"}},
    "for another app": {"twist": lambda c: c | {"aud": "another"}},
    "for another app, by way of us": {"twist": lambda c: c | {"aud": "another", "azp": CLIENT}},
    "for several, none of them us": {"twist": lambda c: c | {"aud": ["a", "b"], "azp": CLIENT}},
    "for nobody": {"twist": lambda c: c | {"aud": []}},
    "expired": {"twist": an_hour_ago},
    "of a clock that is far ahead": {"twist": lambda c: c | {"iat": c["iat"] + 3600}},
    "with another nonce": {"twist": lambda c: c | {"nonce": "replayed"}},
    "without a nonce": {"twist": lambda c: {k: v for k, v in c.items() if k != "nonce"}},
    "without a subject": {"twist": lambda c: {k: v for k, v in c.items() if k != "sub"}},
    "with an empty subject": {"twist": lambda c: c | {"sub": ""}},
    "with a subject that is no text": {"twist": lambda c: c | {"sub": 1}},
    "with a subject of another look": {"twist": lambda c: c | {"sub": "1\u200b"}},
    "not signed": {"signed": oidc_provider.unsigned},
    "not signed, where that is said to do": {
        "signed": oidc_provider.unsigned,
        "algorithms": ("RS256", "none"),
    },
    "signed with the public key as a secret": {"signed": oidc_provider.public_key_as_secret},
    "the same, where that is said to do": {
        "signed": oidc_provider.public_key_as_secret,
        "algorithms": ("RS256", "HS256"),
    },
    "signed with another key": {"signed": oidc_provider.strange_key},
    "no token at all": {"signed": lambda *_: "x.y.z"},
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_is_wrong_lets_nobody_in_and_says_a_sentence(browser, provider, room, wrong):
    vars(provider).update(WRONG[wrong])

    answer = sign_in(browser, provider)

    assert answer.status_code == 403
    assert "Signing in did not work" in answer.text
    assert 'href="/sign-in?with=default"' in answer.text
    assert browser.get("/").status_code == 401
    assert people.everybody(room) == []


def test_a_clock_that_is_a_little_off_lets_in(browser, provider):
    provider.twist = lambda c: c | {"iat": c["iat"] + 60, "exp": c["exp"] + 60}

    assert sign_in(browser, provider).status_code == 302
    assert browser.get("/").status_code == 200


def test_a_state_lets_in_once_and_only_the_browser_that_began(browser, provider, room):
    provider.next_login = "ada"
    back = begin(browser)
    other = visitor(app_of(room))

    assert other.get(back).status_code == 403
    assert browser.get(back.replace("state=", "state=x")).status_code == 403
    assert browser.get(back).status_code == 302  # the code is used up now
    assert browser.get("/").status_code == 200
    assert other.get(back).status_code == 403
    assert other.get("/").status_code == 401
    answer = browser.get(back)  # by its button, after all is done
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "set-cookie" not in answer.headers
    assert browser.get("/").status_code == 200


def test_somebody_is_not_signed_in_as_another_by_a_link(browser, provider, room):
    mallory = visitor(app_of(room))
    provider.next_login = "ada"
    back = begin(mallory)
    sign_in(browser, provider, "grace")

    assert browser.get(back).headers["location"] == "/"
    assert browser.get("/").text == room.teacher.root.name
    assert people.everybody(room) == []


def test_who_says_no_at_the_provider_is_told_so(browser, provider):
    provider.error = "access_denied"

    answer = sign_in(browser, provider)

    assert answer.status_code == 403
    assert "Signing in did not work" in answer.text


@pytest.mark.parametrize("how", ["answers with an error", "is not there"])
def test_a_provider_that_is_away_is_said_in_a_sentence(browser, provider, secrets, room, how):
    provider.is_away = True
    if how == "is not there":
        text = secrets.read_text(encoding="utf-8").replace(str(provider.port), "9")
        secrets.write_text(text, encoding="utf-8")
        secrets_singleton._reset()
    led = browser.get("/sign-in").headers["location"]

    answer = browser.get(led)

    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_who_is_in_stays_in_while_the_provider_is_away(browser, provider):
    sign_in(browser, provider)
    provider.is_away = True

    assert browser.get("/").status_code == 200


def test_after_some_hours_one_signs_in_again(browser, provider, room):
    provider.twist = lambda c: c | {"iat": c["iat"] - 12 * 3600 + 30}
    sign_in(browser, provider)
    assert browser.get("/").status_code == 200

    provider.twist = lambda c: c | {"iat": c["iat"] - 12 * 3600 - 1}
    late = visitor(app_of(room))

    assert sign_in(late, provider).status_code == 403
    assert late.get("/").status_code == 401


def test_signing_out_ends_it_and_an_old_cookie_lets_nobody_in(browser, provider, room):
    sign_in(browser, provider)
    kept = browser.cookies[USER]
    assert "Signed in as Ada." in browser.get("/leave").text
    assert browser.get("/auth/logout").headers["location"] == "/leave"

    page = browser.post("/leave", headers={"origin": HOME})

    assert "You are signed out of Thaw." in page.text
    assert 'url=/auth/logout"' in page.text
    assert browser.get("/").status_code == 401
    onward = browser.get("/auth/logout")
    assert urlsplit(onward.headers["location"]).path == "/logout"
    assert browser.get(at_provider(onward.headers["location"])).headers["location"] == "/"
    replayed = visitor(app_of(room))
    replayed.cookies.set(USER, kept)
    assert replayed.get("/").status_code == 401
    assert sign_in(browser, provider).status_code == 302  # and in again
    assert browser.get("/").status_code == 200


def test_over_https_the_cookies_are_for_https_alone(provider, secrets, room):
    text = secrets.read_text(encoding="utf-8").replace(HOME, "https://127.0.0.1:8501")
    secrets.write_text(text, encoding="utf-8")
    secrets_singleton._reset()
    browser = TestClient(app_of(room), "https://127.0.0.1:8501", follow_redirects=False)

    provider.next_login = "ada"
    answer = browser.get(begin(browser).replace("https://127.0.0.1:8501", ""))

    cookies = [line.lower() for line in answer.headers.get_list("set-cookie")]
    assert any(line.startswith(USER) for line in cookies)
    assert all("; secure" in line for line in cookies)
    assert browser.get("/").status_code == 200


def test_another_sites_page_signs_nobody_out(browser, provider):
    sign_in(browser, provider)

    assert browser.post("/leave", headers={"origin": "https://evil.example"}).status_code == 403
    assert browser.get("/").status_code == 200


def forged(payload: dict, secret: str) -> str:
    return URLSafeTimedSerializer(secret, salt=USER).dumps(json.dumps(payload))


def test_a_cookie_counts_only_as_it_was_signed(browser, provider, secrets, room):
    right = secrets_singleton["auth"]["cookie_secret"]
    payload = {"iss": provider.issuer, "sub": "1", "aud": CLIENT, "iat": time.time(),
               "provider": "default", "is_logged_in": True}  # fmt: skip
    whole = forged(payload, right)
    wrong = [
        forged(payload, "another secret"),
        forged(payload | {"provider": "gone"}, right),
        forged(payload | {"aud": "another"}, right),
        forged(payload | {"is_logged_in": "yes"}, right),
        forged(payload | {"iat": True}, right),
        forged(payload | {"iat": None}, right),
        forged(payload | {"iat": time.time() + 7200}, right),
        URLSafeTimedSerializer(right, salt=USER).dumps('{"sub": "1", "sub": "2"}'),
        URLSafeTimedSerializer(right, salt=USER).dumps("[]"),
        URLSafeTimedSerializer(right, salt="_streamlit_user_tokens").dumps(json.dumps(payload)),
        whole[:-2],
        "",
    ]

    statuses = {}
    for cookie in [whole, *wrong]:
        one = visitor(app_of(room))
        one.cookies.set(USER, cookie)
        statuses[cookie] = one.get("/").status_code

    assert statuses.pop(whole) == 200
    assert set(statuses.values()) == {401}


def test_a_cookie_of_several_parts_counts_whole_and_not_with_parts_of_another(
    provider, room, monkeypatch
):
    provider.people["ada"] |= {"groups": [token_hex(16) for _ in range(400)]}
    one, other = (visitor(app_of(room)) for _ in range(2))
    sign_in(one, provider)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) - 60)
    sign_in(other, provider)
    monkeypatch.undo()
    last = max(name for name in one.cookies if re.fullmatch(rf"{USER}_\d", name))
    mixed = dict(one.cookies) | {last: other.cookies[last]}

    lines = ["; ".join(f"{k}={v}" for k, v in part.items()) for part in (dict(one.cookies), mixed)]
    statuses = [
        visitor(app_of(room)).get("/", headers={"cookie": line}).status_code for line in lines
    ]

    assert last > f"{USER}_1"
    assert statuses == [200, 401]
    assert other.get("/").status_code == 200
    one.post("/leave")
    assert one.get("/").status_code == 401


def test_who_was_taken_out_signs_in_and_is_told_so(browser, provider, room):
    sign_in(browser, provider)
    people.remove(room, people.everybody(room)[0])

    assert browser.get("/").status_code == 403
    answer = sign_in(browser, provider)
    page = browser.get("/", headers=HTML)

    assert answer.status_code == 302
    assert (page.status_code, "You were taken out" in page.text) == (403, True)
    assert 'href="/auth/logout"' in page.text  # to come with another account
    assert audit.read(room)[-1].verb == ActKind.REFUSED


def test_an_unverified_address_is_on_no_list(provider, room):
    listed = Institution(teachers=Listed(addresses=("ada@school.example",)))
    provider.people["ada"] |= {"email_verified": False}
    browser = visitor(app_of(room, listed))

    sign_in(browser, provider)

    assert browser.get("/").text == people.everybody(room)[0].id


def test_two_providers_are_offered_and_a_list_says_whose_word_counts(provider, secrets, room):
    text = secrets.read_text(encoding="utf-8").replace("client_id", "[auth.school]\nclient_id", 1)
    shop = text[text.index("[auth.school]") :].replace("school", "shop")
    secrets.write_text(text + shop, encoding="utf-8")
    secrets_singleton._reset()
    with pytest.raises(UserError, match="provider"):
        accounts.login(STAFF)
    by_school = Institution(teachers=Listed(groups=("staff",), provider="school"))
    browser = visitor(app_of(room, by_school))

    page = browser.get("/", headers=HTML)
    provider.next_login = "grace"
    browser.get(begin(browser, "shop"))

    assert "Sign in with school" in page.text
    assert "Sign in with shop" in page.text
    assert browser.get("/").text == people.everybody(room)[0].id  # no teacher by that word
    browser = visitor(app_of(room, by_school))
    browser.get(begin(browser, "school"))
    assert browser.get("/").text == room.teacher.root.name
    assert browser.get("/sign-in?with=evil").headers["location"] == "/"


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("[auth]", "[other]", "[auth]"),
        ("client_secret", "secret", "client_secret"),
        ("/oauth2callback", "/", "redirect_uri"),
        ("http://127.0.0.1:8501/", "http://thaw.school/", "redirect_uri"),
        ("server_metadata_url = \"http://127.0.0.1", "server_metadata_url = \"http://id.example",
         "server_metadata_url"),
        ("cookie_secret = \"", "cookie_secret = \"aaa\"\nx = \"", "cookie_secret"),
    ],
)  # fmt: skip
def test_what_would_let_nobody_in_or_too_many_is_refused_at_the_start(secrets, was, becomes, told):
    text = secrets.read_text(encoding="utf-8")
    assert was in text
    secrets.write_text(text.replace(was, becomes), encoding="utf-8")
    secrets_singleton._reset()

    with pytest.raises(UserError) as error:
        accounts.login(STAFF)

    assert told in str(error.value)


def test_behind_a_proxy_the_address_of_a_connection_is_no_headers(tmp_path, monkeypatch):
    path = tmp_path / "institution.toml"
    path.write_text(
        '[teachers]\ngroups = ["staff"]\n[proxy]\naddresses = ["127.0.0.1"]\nuser = "X-User"\n'
    )
    monkeypatch.setenv(ACCOUNTS, str(path))
    monkeypatch.delenv(accounts.FORWARDED, raising=False)

    with pytest.raises(UserError, match=accounts.FORWARDED):
        accounts.guards(tmp_path, base="", hosts=())
    monkeypatch.setenv(accounts.FORWARDED, "")
    assert accounts.guards(tmp_path, base="", hosts=())
