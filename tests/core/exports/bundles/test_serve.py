"""The server that goes along: what it answers, and what it refuses in a sentence."""

import asyncio
import json
import re
import subprocess
import sys
import threading
import zlib
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from core.exports import answers
from core.exports.bundles import serve, server_files
from core.exports.formats import EXPORT_FORMATS
from core.records.choices import CLASSIFICATION, TASKS
from tests.corpus import images

CARD = {
    "labels": ["cat", "=dog"],
    "config": {"image_size": 32, "output": "softmax"},
    "bands": "",
}


def answering(images: np.ndarray) -> dict[str, np.ndarray]:
    """Name a picture by how red it is."""
    red = float(images[..., 0].mean()) / 255
    return {"probabilities": np.array([[red, 1 - red]], np.float32), "features": images[:, 0, 0]}


@pytest.fixture
def client() -> TestClient:
    server = serve.PhotoServer(answering, CARD, "model.onnx")
    return TestClient(serve.app(server), raise_server_exceptions=False)


def photo(colour: str = "red", kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 60), colour).save(out, kind)
    return out.getvalue()


def test_a_photo_is_named_from_a_form_and_from_the_body(client: TestClient):
    form = client.post("/predict", files={"anything": ("../../x.png", photo())})
    body = client.post("/predict", content=photo(), headers={"content-type": "image/png"})
    curl = client.post(
        "/predict",
        content=photo(),
        headers={"content-type": "application/x-www-form-urlencoded"},  # as --data-binary has it
    )

    assert form.status_code == body.status_code == curl.status_code == 200
    assert form.json() == body.json() == curl.json()
    assert form.json() == {
        "label": "cat",
        "probability": 1.0,
        "known": None,
        "similarity": None,
        "scores": [{"label": "cat", "probability": 1.0}, {"label": "=dog", "probability": 0.0}],
    }


def test_it_says_of_a_photo_that_it_is_unknown(client, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(answers, "HERE", tmp_path)
    rule = {"directions": np.eye(3, dtype=np.float32)[:1], "threshold": np.array(0.9)}
    np.savez(tmp_path / "unknown.npz", **rule)

    red, blue = (client.post("/predict", content=photo(c)).json() for c in ("red", "blue"))

    assert (red["known"], blue["known"], blue["label"]) == (True, False, "=dog")
    assert red["similarity"] == pytest.approx(1.0, abs=0.01)
    assert [score["label"] for score in blue["scores"]] == ["=dog", "cat"]


def bomb() -> bytes:
    """A PNG of few bytes that claims very many pixels."""
    head = (60_000).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    chunk = lambda kind, data: (  # noqa: E731
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
    )
    packed = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed)


@pytest.mark.parametrize(
    ("content", "kind", "status", "sentence"),
    [
        (b"", "image/png", 400, "There is no photo in the request."),
        (b"hello", "image/png", 415, "The photo could not be read: it is not an image."),
        (b"{}", "application/json", 415, "Send the photo itself, or as a file in a form."),
        (b"x", "text/plain; charset=utf-8", 415, "Send the photo itself, or as a file in a form."),
        (b"x" * 20_000_001, "image/png", 413, "The photo is larger than 20 MB."),
        (bomb(), "image/png", 413, "it has more than 50 million pixels."),
        (photo("red", "JPEG")[:400], "image/jpeg", 422, "The photo could not be read: "),
        (b"--x", "multipart/form-data", 400, "The form is damaged"),
        (b"rubbish", "multipart/form-data; boundary=x", 400, ""),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_is_no_photo_is_refused_in_a_sentence(client, content, kind, status, sentence):
    given = client.post("/predict", content=content, headers={"content-type": kind})

    assert given.status_code == status
    assert sentence in given.json()["error"]
    assert given.json()["error"].endswith(".")
    assert "\n" not in given.json()["error"]


def test_a_form_without_a_file_or_with_two_is_refused(client: TestClient):
    none = client.post("/predict", files={"name": (None, "no file")})
    two = client.post("/predict", files=[("file", photo()), ("file", photo())])

    assert none.json() == {"error": "There is no photo in the request."}
    assert two.status_code == none.status_code == 400
    assert "more than one file" in two.json()["error"]


def test_a_large_request_is_refused_before_it_was_read_whole(client: TestClient):
    def endless():
        for _ in range(40):
            yield bytes(1_000_000)

    claimed = client.post("/predict", content=b"x", headers={"content-length": "9" * 30})
    chunked = client.post("/predict", content=endless())

    assert claimed.status_code == chunked.status_code == 413


@pytest.mark.filterwarnings("ignore")
def test_hostile_pictures_are_answered_or_refused_and_never_fail(client: TestClient):
    for case in images.all_cases():
        given = client.post("/predict", content=case.data)

        assert given.status_code in (200, 400, 413, 415, 422), case.name
        assert given.json().get("error", "x.").endswith("."), case.name
        assert "object at 0x" not in given.text, case.name


def test_photos_wait_for_their_turn_and_not_without_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(serve, "MOST_WAITING", 2)
    may, most, at_work = threading.Event(), list[int](), list[int]()

    def slow(images: np.ndarray) -> dict[str, np.ndarray]:
        at_work.append(1)
        most.append(len(at_work))
        assert may.wait(20)
        at_work.pop()
        return answering(images)

    server = serve.PhotoServer(slow, CARD, "m")

    async def ask(number: int) -> int:
        if number == 2:
            while not at_work:
                await asyncio.sleep(0.01)
        try:
            with server._admitted():
                async with server._turn:
                    await serve.run_in_threadpool(server.told, photo())
            return 200
        except serve.RefusedPhotoError as refused:
            return refused.status
        finally:
            if number == 2:
                may.set()

    async def all_three() -> list[int]:
        return await asyncio.gather(*map(ask, range(3)))

    assert asyncio.run(all_three()) == [200, 200, 503]
    assert max(most) == 1


def test_a_photo_that_comes_too_slowly_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(serve, "MOST_SECONDS", 0.01)

    async def never() -> dict:
        await asyncio.sleep(60)
        raise AssertionError

    request = serve.Request({"type": "http", "headers": [], "method": "POST"}, never)
    with pytest.raises(serve.RefusedPhotoError, match="did not arrive in time"):
        asyncio.run(serve.photo_of(request))


def test_the_other_addresses_say_what_they_are_for(client: TestClient):
    health, lost = client.get("/health"), client.get("/admin/../etc/passwd")
    wrong = client.get("/predict")

    assert health.json() == {"status": "ok", "model": "model.onnx", "labels": CARD["labels"]}
    assert (lost.status_code, wrong.status_code) == (404, 405)
    assert "POST a photo to /predict" in lost.json()["error"]
    assert "POST to /predict" in wrong.json()["error"]


def test_a_model_that_fails_is_told_without_its_traceback():
    def broken(images: np.ndarray) -> dict[str, np.ndarray]:
        raise RuntimeError("/home/me/secret")

    client = TestClient(
        serve.app(serve.PhotoServer(broken, CARD, "m")), raise_server_exceptions=False
    )

    given = client.post("/predict", content=photo())

    assert (given.status_code, given.json()) == (500, {"error": "The model failed on this photo."})


def test_the_description_is_of_what_is_there(client: TestClient):
    told = client.get("/openapi.json").json()

    assert told["openapi"] == "3.1.0"
    for path, methods in told["paths"].items():
        assert client.request(next(iter(methods)), path).status_code != 404
    answer = client.post("/predict", content=photo()).json()
    assert set(answer) == set(told["components"]["schemas"]["Answer"]["properties"])
    statuses = {int(status) for status in told["paths"]["/predict"]["post"]["responses"]}
    known = {int(n) for n in re.findall(r"Error\((\d{3})", Path(serve.__file__).read_text())}
    assert known | {200, 413, 415, 422} == statuses


class Addresses(HTMLParser):
    """Collects what a page would load or open."""

    def __init__(self) -> None:
        super().__init__()
        self.found = list[str]()

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("src", "href", "action")]


def test_the_page_asks_nobody_else_and_speaks_both_languages(client: TestClient):
    page = client.get("/")
    parser = Addresses()

    parser.feed(page.text)

    assert parser.found == ["openapi.json"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.text == client.get("/docs").text
    english, chinese = (
        set(re.findall(r"^    (\w+):", part, re.M)) for part in page.text.partition("zh: {")[::2]
    )
    assert english == chinese - {"en", "zh"} != set()


def test_the_server_that_is_taken_away_needs_nothing_of_thaw(tmp_path: Path):
    text = server_files.server_text()
    lint = [sys.executable, "-m", "ruff", "check", "--isolated", "--select=F", "-q", "-"]

    server_files.write(tmp_path, EXPORT_FORMATS["onnx"], TASKS[CLASSIFICATION])

    assert "core." not in text
    assert "\nimport predict\n" in text
    assert subprocess.run(lint, input=text, capture_output=True, text=True).stdout == ""
    needed = (tmp_path / "requirements.txt").read_text().splitlines()
    assert [re.split("[~=]", line)[0] for line in needed] == [
        *("numpy", "pillow", "pillow-heif", "onnxruntime"),
        *("starlette", "uvicorn", "python-multipart"),
    ]
    assert all(re.search(r"[~=]=\d", line) for line in needed)
    assert json.loads((tmp_path / "openapi.json").read_text())["paths"]


def test_an_address_that_is_taken_is_said_in_a_sentence():
    taken = serve.listening("127.0.0.1", 0)
    with taken, pytest.raises(SystemExit, match=r"port \d+, cannot be used"):
        serve.listening("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(SystemExit, match="cannot be used"):
        serve.listening("127.0.0.1", 99_999)


def test_the_page_shows_a_class_as_it_is_named():
    """A text put in place of another would read ``$&`` and its like as signs."""
    page = Path(serve.__file__).with_name("serve.html").read_text("utf-8")

    assert '.replace("{label}", () => answer.label)' in page
    assert '">99.9%"' in page  # all is only said of all, as in the script
