"""Open pages of the app as a user does: through the frame."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from core.classroom import people
from core.classroom.folder import ACCOUNTS, SWITCH, ClassFolder, folder_in
from core.institution import identities
from core.institution.records import Claims, Identity
from core.records.classroom import Person
from core.runs import engine_process, executors
from core.workspace import Workspace
from pages._shared import engine
from tests.pages import belongings
from tests.pages.belongings import Belongings

MAIN = Path(__file__).parents[2] / "pages" / "_main.py"


@pytest.fixture(scope="session", autouse=True)
def _packages_are_looked_through_once() -> Iterator[None]:
    """Keep what Streamlit finds in the installed packages: it reads all of them for each page."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture
def open_page(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Give a function that opens a page with a query; nothing may raise."""
    monkeypatch.setenv("THAW_HOME", str(ws.root))

    def open_(name: str = "home", **query: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        if name != "home":
            app.switch_page(f"{name}.py").run()
        assert not app.exception
        return app

    yield open_
    engine.engine.clear()  # ends the process that a page about a model has started


def dotted_captions(app: AppTest) -> Iterator[str]:
    """Give the captions with words of the glossary in them, which no list of captions has."""
    for element in app.get("bidi_component"):
        if element.proto.component_name == "thaw_dotted":
            yield "".join(piece["text"] for piece in json.loads(element.proto.json)["pieces"])


class Nowhere:
    """A place to train where nothing happens."""

    def submit(self, ws: Workspace) -> None:
        """Leave the run on the queue."""


@pytest.fixture
def train_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave runs on the queue, on a machine without weights."""
    monkeypatch.setattr(executors, "EXECUTORS", {"local": Nowhere()})
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClassFolder:
    """A class whose app runs, in which nothing is trained and no process starts."""
    monkeypatch.setenv(SWITCH, "1")
    monkeypatch.setenv("THAW_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(executors, "EXECUTORS", {"local": Nowhere()})
    monkeypatch.setattr(engine_process, "detach", lambda *given, log: None)
    (tmp_path / "home").mkdir()
    return folder_in(tmp_path / "home")


@pytest.fixture
def ada(room: ClassFolder) -> Person:
    return people.join(room, "Ada")


@pytest.fixture
def ben(room: ClassFolder) -> Person:
    return people.join(room, "Ben")


@pytest.fixture
def hers(room: ClassFolder, ada: Person) -> Belongings:
    """Give the first pupil one of everything."""
    return belongings.given_to(room, ada)


@pytest.fixture
def _untouched(hers: Belongings) -> Iterator[None]:
    """See that nothing of hers has changed in the end."""
    before = belongings.fingerprint(hers.ws.root)
    yield
    assert belongings.fingerprint(hers.ws.root) == before


@pytest.fixture
def account(room: ClassFolder, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the first pupil sign in with an account."""
    monkeypatch.setenv(ACCOUNTS, "/settings.toml")
    identity = Identity(issuer="proxy", subject="ada", name="ada", person_id=ada.id)
    identities.keep(room, identities.key_of(Claims(issuer="proxy", subject="ada")), identity)
