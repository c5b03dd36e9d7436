"""The upload field: a folder of thousands of images, an archive, or single files, in batches."""

from typing import Any

from core.ingest.layouts.folders import PICTURES
from core.ingest.lists.formats import tables
from pages._shared.widgets import t, url
from pages.components import component

_HTML = """
<div class="box">
  <div id="zone" class="panel">
    <p id="title"></p>
    <p id="lead"></p>
    <div class="row">
      <button id="pickFolder" type="button" class="primary"></button>
      <button id="pickFiles" type="button"></button>
    </div>
    <input id="folder" type="file" webkitdirectory multiple hidden>
    <input id="files" type="file" multiple hidden>
  </div>
  <div id="review" class="panel solid" hidden>
    <ul id="counts"></ul>
    <p id="left"></p>
    <label id="shrinkRow"><input id="shrink" type="checkbox"><span id="shrinkText"></span></label>
    <div class="row">
      <button id="quick" type="button" class="primary" hidden></button>
      <button id="start" type="button"></button>
      <button id="again" type="button"></button>
    </div>
  </div>
  <div id="sending" class="panel solid" hidden>
    <progress id="bar" max="1" value="0"></progress>
    <button id="cancel" type="button"></button>
  </div>
  <p id="live" role="status" aria-live="polite"></p>
</div>
"""


def folder_uploader(
    *,
    key: str,
    ticket: str,
    first: int = 0,
    into: str = "",
    quick: bool = False,
    lead: str = "",
) -> dict[str, Any] | None:
    """Draw the field; in the run after everything was sent, give what was sent.

    ``first`` is the number of the first file, ``into`` the class that all files belong to. With
    ``quick`` a second button asks for a model as well. The answer holds ``sent``, ``failed``,
    ``total``, ``name``, ``left`` (the names of files that are no images or cannot be read),
    ``quick`` where a model is wanted, and ``cancelled`` when the user stopped it.
    ``lead`` says what is expected in the folder, where that is not a folder for each class.
    """
    texts = _texts() | ({"lead": lead} if lead else {})
    answer = component("folder_uploader", _HTML, "sending")(
        key=key,
        data={
            "ticket": ticket,
            "first": first,
            "into": into,
            "url": url("/api/upload"),
            "extensions": list(PICTURES),
            "lists": list(tables.SENT),
            "texts": {**texts, "quick": t("Train quick") if quick else ""},
        },
        on_finished_change=lambda: None,
    )
    return dict(answer.finished) if answer.finished else None


def _texts() -> dict[str, str]:
    """Give the texts; the script fills the numbers in, so none may need a plural."""
    return {
        "title": t("Drop a folder or a ZIP file here"),
        "lead": t("In the folder: one folder for each class, with its images inside."),
        "pickFolder": t("Choose a folder"),
        "pickFiles": t("Choose a ZIP file or images"),
        "reading": t("Looking into the folder…"),
        "nothing": t("No images were found there. Other files: {skipped}", skipped="{skipped}"),
        "oneArchive": t("Choose one ZIP or TAR file by itself, or images, but not both."),
        "archive": t("{name}, {megabytes} MB", name="{name}", megabytes="{megabytes}"),
        "found": t(
            "Images: {images}, folders: {classes}, {megabytes} MB",
            images="{images}",
            classes="{classes}",
            megabytes="{megabytes}",
        ),
        "noFolder": t("(no folder)"),
        "left": t(
            "Left out because they are no images or cannot be read: {skipped}", skipped="{skipped}"
        ),
        "shrink": t("Make large photos smaller before sending (faster on a slow network)"),
        "start": t("Upload"),
        "again": t("Choose something else"),
        "sending": t("Upload"),
        "progress": t("Files sent: {sent} of {total}", sent="{sent}", total="{total}"),
        "cancel": t("Stop"),
        "done": t("Files arrived: {total}", total="{total}"),
        "failed": t(
            "Files not sent: {failed} of {total}. Check the connection and try again.",
            failed="{failed}",
            total="{total}",
        ),
    }
