"""What the exported page says, in every language: it carries them all."""

from collections.abc import Mapping

from core.words import LANGUAGES, mark, translate

TEXTS: Mapping[str, str] = {  # by the keys that the scripts have for them
    "about": mark("About this model"),
    "all": mark("Show all {num} classes"),
    "asRead": mark("{name}: {number}"),
    "bars": mark("What the model sees"),
    "beyond": mark("It learned from {range}: beyond that it guesses."),
    "broken": mark("The model could not be opened in this browser. Try another one."),
    "busy": mark(
        "The camera could not be started: another program may be using it. Close that program, "
        "then try again."
    ),
    "camera": mark("Camera"),
    "choose": mark("Choose photos"),
    "damaged": mark("This file cannot be read as a photo. Try another one."),
    "denied": mark(
        "The browser does not let this page use the camera. Allow it with the sign beside the "
        "address, then try again."
    ),
    "device": mark("Camera"),
    "empty": mark("This file is empty. Try another one."),
    "ended": mark("{text}."),
    "endedAnd": mark("{text}. {more}"),
    "fewer": mark("Show fewer"),
    "hidden": mark("The camera was switched off while this page was out of sight."),
    "hint": mark("Or drop photos here, or paste one."),
    "insecure": mark(
        "The browser opens the camera only where the address begins with https://, and for a file "
        "of this device. Ask for an https address, or drop a photo."
    ),
    "keep": mark("Keep this picture"),
    "kept": mark("Picture of the camera"),
    "kind": mark(
        "This page reads JPEG, PNG and WebP. Save the photo as one of these, then try again."
    ),
    "language": mark("Language"),
    "large": mark("This picture is too large for a browser. Make it smaller, then try again."),
    "licence": mark("Licence of LiteRT.js"),
    "loading": mark("Opening the model…"),
    "lost": mark("A file of this page is missing beside it. Copy the whole folder."),
    "made": mark("Made with Thaw. It computes with LiteRT.js (Apache License 2.0)."),
    "missing": mark("No camera was found. Connect one, then try again, or drop a photo."),
    "nearest": mark("Of the classes it knows, {label} is nearest."),
    "old": mark("This browser is too old for the model. Update it, or try another one."),
    "opening": mark("Opening the camera…"),
    "over": mark("over 99%"),
    "photos": mark("Photos"),
    "picture": mark("Picture of the camera"),
    "private": mark("No photo leaves this device: this page sends nothing."),
    "range": mark("{low} to {high}"),
    "reading": mark("Reading the photo…"),
    "ready": mark("Ready."),
    "served": mark(
        "This page is a folder of files, which browsers open only from a web server. Put the "
        "folder on one, or use the page that is one file."
    ),
    "silent": mark("The model has no answer to this picture. Try another one."),
    "start": mark("Start the camera"),
    "stop": mark("Stop the camera"),
    "unable": mark("This browser cannot open a camera. Try another browser, or drop a photo."),
    "under": mark("under 1%"),
    "unknown": mark("Not like anything it learned"),
    "unplugged": mark("The camera was disconnected."),
    "within": mark(
        "The truth lies within {range} nine times in ten, for pictures like those it learned from."
    ),
}


def texts() -> dict[str, dict[str, str]]:
    """Give all texts, language by language."""
    return {
        language: {key: translate(text, language) for key, text in TEXTS.items()}
        for language in LANGUAGES
    }
