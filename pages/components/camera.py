"""What is said where a camera cannot be opened: a sentence for each reason, and what to do."""

from core.classroom import folder
from core.institution import settings
from pages._shared.widgets import t


def refusals() -> dict[str, str]:
    """Give the sentences by the words that ``camera.js`` has for the reasons."""
    return {
        "denied": t(
            "The browser does not let this page use the camera. Allow it with the sign beside the "
            "address, then try again."
        ),
        "missing": t("No camera was found. Connect one, then try again, or drop a photo."),
        "busy": t(
            "The camera could not be started: another program may be using it. Close that program, "
            "then try again."
        ),
        "unable": t("This browser cannot open a camera. Try another browser, or drop a photo."),
        "insecure": insecure(),
    }


def insecure() -> str:
    """Say why the camera stays shut over plain http, and what to do."""
    if folder.is_open() and not settings.is_on():
        return t(
            "The browser opens the camera only on a page that begins with https://, and this one "
            "begins with http://. Ask your teacher to end Thaw and start it with 'python -m core "
            "serve --classroom --https', or take the photo with another app and drop the file."
        )
    return t(
        "The browser opens the camera only on this machine itself, at http://localhost, or on a "
        "page that begins with https://. Over plain http:// in a network it stays shut; ask "
        "whoever runs Thaw for an https address, or take the photo with another app and drop the "
        "file."
    )
