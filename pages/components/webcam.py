"""The camera: images of one class are taken while a button is held."""

from pages._shared.widgets import t, url
from pages.components import camera, component

_HTML = """
<div class="box">
  <video id="video" muted playsinline></video>
  <button id="record" type="button"></button>
  <p id="live" role="status" aria-live="polite"></p>
</div>
"""


def webcam(*, key: str, ticket: str, first: int, into: str) -> int:
    """Draw the camera; in the run after a hold, give how many images were taken."""
    answer = component("webcam", _HTML, "sending", "camera")(
        key=key,
        data={
            "ticket": ticket,
            "url": url("/api/upload"),
            "first": first,
            "into": into,
            "framesPerSecond": 8,
            "texts": _texts(),
        },
        on_captured_change=lambda: None,
    )
    return int(answer.captured["count"]) if answer.captured else 0


def _texts() -> dict[str, str]:
    return {
        "record": t("Hold to record"),
        "camera": t("Picture of the camera"),
        "taken": t("Images taken: {num}", num="{num}"),
        "failed": t("The images could not be sent. Check the connection and try again."),
        **camera.refusals(),
    }
