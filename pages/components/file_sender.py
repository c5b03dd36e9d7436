"""A field for one file, which is sent in slices as soon as it is chosen."""

from pages._shared.widgets import t, url
from pages.components import component

_HTML = """
<div class="box">
  <div id="zone" class="panel">
    <p id="lead"></p>
    <button id="pick" type="button"></button>
    <input id="file" type="file" hidden>
    <progress id="bar" max="1" value="0" hidden></progress>
    <button id="cancel" type="button" hidden></button>
    <p id="live" role="status" aria-live="polite"></p>
  </div>
</div>
"""


def file_sender(*, key: str, ticket: str, suffix: str) -> str:
    """Draw the field; in the run after a file was sent, give its name. Its number is 0."""
    answer = component("file_sender", _HTML, "sending")(
        key=key,
        data={
            "ticket": ticket,
            "url": url("/api/upload"),
            "suffix": suffix,
            "texts": {
                "lead": t("Drop a file that ends in {suffix} here", suffix=suffix),
                "pick": t("Choose a file"),
                "cancel": t("Stop"),
                "sending": t("Upload"),
                "other": t("{name} does not end in {suffix}.", name="{name}", suffix=suffix),
                "failed": t("The file could not be sent. Check the connection and try again."),
            },
        },
        on_finished_change=lambda: None,
    )
    return str(answer.finished["name"]) if answer.finished else ""
