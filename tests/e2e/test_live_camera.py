"""The live camera in a real browser: what is sent, what is said, and when the light goes out."""

import base64
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from PIL import Image

from core import runs
from core.workspace import Workspace
from pages.components import live_camera, webcam
from tests.builders import make_dataset, make_run
from tests.e2e.conftest import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page, Route = sync_api.expect, sync_api.Page, sync_api.Route

HERE = "http://localhost/camera"  # answered by the test; a page of this machine, as the app's is
SCRIPTS = Path(live_camera.__file__).parent
TEXTS = (
    *("start", "stop", "keep", "unknown", "hidden", "waiting", "expired", "gone", "crowded"),
    *("record", "taken", "failed"),
)
REASONS = {  # what a browser says, and the key of the sentence for it
    "NotAllowedError": "denied",
    "NotFoundError": "missing",
    "OverconstrainedError": "missing",
    "NotReadableError": "busy",
    "TypeError": "unable",
}
# A camera whose picture is red on the left and blue on the right, and whose like there are two of.
CAMERA = """
const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 })
const pen = canvas.getContext("2d")
const paint = () => {
  pen.fillStyle = "red"; pen.fillRect(0, 0, 160, 240)
  pen.fillStyle = "blue"; pen.fillRect(160, 0, 160, 240)
}
setInterval(paint, 30)
navigator.mediaDevices.getUserMedia = async wanted => {
  window.wanted = wanted
  paint()
  window.stream = canvas.captureStream(30)
  return window.stream
}
navigator.mediaDevices.enumerateDevices = async () =>
  ["a", "b"].map(id => ({ kind: "videoinput", deviceId: id, label: `Camera ${id}` }))
"""
REFUSED = """
const open = navigator.mediaDevices.getUserMedia
navigator.mediaDevices.getUserMedia = async wanted => {
  if (window.refusal) throw new DOMException("", window.refusal)
  return open(wanted)
}
"""
HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true })
  document.dispatchEvent(new Event("visibilitychange"))
}"""


@pytest.fixture
def open_camera(new_page) -> Callable[..., Page]:
    """Open the component alone in a page, with scripts that run before it."""

    def open_(
        script: str = "",
        answer: Callable[[Route], None] | None = None,
        at: str = HERE,
        component: ModuleType = live_camera,
    ) -> Page:
        page = new_page(permissions=["camera"])
        page.route("**/*", lambda route: _serve(route, script, answer, component))
        page.goto(at)
        return page

    return open_


def _serve(
    route: Route, script: str, answer: Callable[[Route], None] | None, component: ModuleType
) -> None:
    path = urlsplit(route.request.url).path
    if path == "/api/live" and answer is not None:
        answer(route)
    elif path == "/camera.js":
        name = component.__name__.rpartition(".")[2]
        texts = [(SCRIPTS / f"{script}.js").read_text() for script in ("sending", "camera", name)]
        route.fulfill(body="\n".join(texts), content_type="text/javascript")
    elif path == "/camera":
        texts = {name: f"({name})" for name in (*TEXTS, *REASONS.values(), "insecure")}
        data = {"url": "/api/live", "ticket": "t", "texts": texts | {"nearest": "near {label}"}}
        call = f"{{ data: {json.dumps(data)}, parentElement: document.body, setTriggerValue }}"
        body = f"""{component._HTML}<script type="module">
            {script}
            import draw from "/camera.js"
            const setTriggerValue = (name, value) => {{ window[name] = value }}
            window.leave = draw({call})
        </script>"""
        route.fulfill(body=body, content_type="text/html")
    else:
        route.fulfill(status=404)


def said(label: str, *, unknown: bool = False) -> str:
    bars = [{"label": label, "share": 0.9, "text": "90%"}]
    return json.dumps({"label": label, "unknown": unknown, "bars": bars})


def test_one_frame_is_on_its_way_as_the_camera_sees_it_and_a_picture_is_kept(open_camera):
    waiting, frames = list[Route](), list[bytes]()

    def answer(route: Route) -> None:
        waiting.append(route)
        frames.append(route.request.post_data_buffer)
        assert route.request.headers["x-live-ticket"] == "t"

    def reply(page: Page, body: str) -> None:
        while not waiting:
            page.wait_for_timeout(5)
        assert len(waiting) == 1, "the next frame is not taken before the answer is there"
        waiting.pop().fulfill(body=body, content_type="application/json")

    page = open_camera(CAMERA, answer)
    page.get_by_role("button", name="(start)").press("Enter")
    reply(page, said("cat"))
    expect(page.locator("#said")).to_have_text("cat")
    expect(page.get_by_role("listitem")).to_have_text("cat90%")
    expect(page.locator("#video")).to_have_class("mirrored")
    expect(page.locator("#spoken")).to_have_text("")
    reply(page, said("cat"))
    expect(page.locator("#spoken")).to_have_text("cat")
    reply(page, said("dog", unknown=True))
    expect(page.locator("#said")).to_have_text("(unknown)")
    expect(page.locator("#note")).to_have_text("near dog")
    expect(page.locator("#spoken")).to_have_text("cat")

    page.get_by_role("button", name="(keep)").click()
    page.wait_for_function("() => window.kept")
    assert base64.b64decode(page.evaluate("kept.picture")) == frames[2]
    with Image.open(BytesIO(frames[2])) as frame:
        left, right = (frame.convert("RGB").getpixel((x, 120)) for x in (20, 300))
    assert left[0] > 200 > left[2], "what is sent is not mirrored: red is on the left"
    assert right[2] > 200 > right[0]

    page.get_by_role("combobox").select_option("Camera b")
    page.wait_for_function("() => wanted.video.deviceId?.exact === 'b'")
    page.wait_for_function("() => !document.querySelector('#video').hidden")
    page.evaluate(HIDE)
    expect(page.locator("#status")).to_have_text("(hidden)")
    assert page.evaluate("stream.getTracks().map(track => track.readyState)") == ["ended"]
    expect(page.get_by_role("button", name="(start)")).to_be_visible()


def test_why_there_is_no_answer_is_said_and_the_light_goes_out(open_camera):
    replies: dict[str, dict[str, object]] = {
        "No such run.": {"status": 404, "body": json.dumps({"sentences": "No such run."})},
        "(expired)": {"status": 403, "body": "{}"},
    }
    wanted = [""]

    def answer(route: Route) -> None:
        reply = replies.get(wanted[0])
        route.fulfill(**reply) if reply else route.abort()

    page = open_camera(CAMERA + REFUSED, answer)
    start, status = page.get_by_role("button", name="(start)"), page.locator("#status")
    for name, reason in REASONS.items():
        page.evaluate("name => { window.refusal = name }", name)
        start.click()
        expect(status).to_have_text(f"({reason})")
    page.evaluate("window.refusal = ''")
    for wanted[0] in replies:
        start.click()
        expect(status).to_have_text(wanted[0])
        assert page.evaluate("stream.getTracks()[0].readyState") == "ended"
    wanted[0] = "the network is down"
    start.click()
    expect(status).to_have_text("(gone)")
    page.evaluate("leave()")
    assert page.evaluate("stream.getTracks()[0].readyState") == "ended"


def test_over_plain_http_in_a_network_the_camera_is_not_even_asked_for(open_camera):
    page = open_camera(at="http://thaw.example/camera")

    page.get_by_role("button", name="(start)").click()

    expect(page.locator("#status")).to_have_text("(insecure)")


def test_the_camera_that_films_a_class_says_why_not_tries_again_and_goes_out(open_camera):
    refused = f"window.refusal = 'NotAllowedError'\n{CAMERA}{REFUSED}"
    page = open_camera(refused, component=webcam)
    expect(page.locator("#live")).to_have_text("(denied)")
    page.evaluate("window.refusal = ''")

    page.get_by_role("button", name="(record)").press("Enter")

    expect(page.locator("#video")).to_be_visible()
    expect(page.locator("#live")).to_have_text("")
    page.evaluate(HIDE)
    assert page.evaluate("stream.getTracks()[0].readyState") == "ended"


def test_a_model_that_is_deleted_meanwhile_is_said_on_the_page(server: Server, new_page):
    ws = Workspace(server.home)
    make_dataset(ws)
    run_id = make_run(ws)
    page = new_page(permissions=["camera"])
    page.goto(f"{server.url}/predict?run={run_id}&source=camera")
    expect(page.get_by_role("button", name="Start the camera")).to_be_visible()
    runs.delete(ws, run_id)

    page.get_by_role("button", name="Start the camera").click()

    expect(page.locator("#status")).to_contain_text(run_id)
    expect(page.locator("#video")).to_be_hidden()
