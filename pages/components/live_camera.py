"""The camera with what a model says of it, frame by frame, without a rerun of the page."""

from base64 import b64decode

from pages._shared.widgets import language, t, url
from pages.components import camera, component

_HTML = """
<div class="live">
  <div class="seen">
    <video id="video" muted playsinline hidden></video>
    <p id="status" role="status" aria-live="polite"></p>
    <div class="row">
      <button id="toggle" type="button"></button>
      <button id="keep" type="button" disabled></button>
    </div>
    <label id="deviceRow" class="row" hidden>
      <span id="deviceText"></span><select id="device"></select>
    </label>
  </div>
  <div class="told">
    <p id="said"></p>
    <p id="note"></p>
    <ol id="bars"></ol>
    <p id="spoken" role="status" aria-live="polite"></p>
  </div>
</div>
"""


def live_camera(*, key: str, ticket: str) -> bytes | None:
    """Draw the camera; in the run after a picture was kept, give that picture."""
    answer = component("live_camera", _HTML, "camera")(
        key=key,
        data={
            "ticket": ticket,
            "url": url(f"/api/live?lang={language()}"),
            "texts": {**_texts(), **camera.refusals()},
        },
        on_kept_change=lambda: None,
    )
    return b64decode(answer.kept["picture"]) if answer.kept else None


def _texts() -> dict[str, str]:
    """Give the texts by the words that the script has for them."""
    return {
        "start": t("Start the camera"),
        "stop": t("Stop the camera"),
        "keep": t("Keep this picture"),
        "keepHint": t("The picture that was named last, with all classes and the reasons."),
        "device": t("Camera"),
        "camera": t("Picture of the camera"),
        "bars": t("What the model sees"),
        "unknown": t("Not like anything it learned"),
        "nearest": t("Of the classes it knows, {label} is nearest.", label="{label}"),
        "opening": t("Opening the camera…"),
        "waiting": t("Asking the model…"),
        "lost": t("The camera was disconnected."),
        "hidden": t("The camera was switched off while this page was out of sight."),
        "crowded": t("Many are looking at once. It goes on when there is room."),
        "gone": t("Thaw does not answer. Check the connection, and that it still runs."),
        "expired": t("This page was open for too long. Reload it, then try again."),
    }
