"""What the exported page says, in every language: it carries them all."""

from collections.abc import Mapping

from core.judging import shares
from core.records import JudgedOn, ModelCard, RunScore
from core.words import LANGUAGES, Message, enumeration, mark, nsay, render, say, translate

TEXTS: Mapping[str, str] = {  # by the keys that the scripts have for them
    "about": mark("About this model"),
    "all": mark("Show all {num} classes"),
    "bars": mark("What the model sees"),
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
    "reading": mark("Reading the photo…"),
    "ready": mark("Ready."),
    "served": mark(
        "This page is a folder of files, which browsers open only from a web server. Put the "
        "folder on one, or use the page that is one file."
    ),
    "start": mark("Start the camera"),
    "stop": mark("Stop the camera"),
    "unable": mark("This browser cannot open a camera. Try another browser, or drop a photo."),
    "under": mark("under 1%"),
    "unknown": mark("Not like anything it learned"),
    "unplugged": mark("The camera was disconnected."),
}


def texts() -> dict[str, dict[str, str]]:
    """Give all texts, language by language."""
    return {
        language: {key: translate(text, language) for key, text in TEXTS.items()}
        for language in LANGUAGES
    }


def facts(card: ModelCard, score: RunScore | None, *, can_tell: bool) -> dict[str, list[str]]:
    """Say what is known of the model, language by language.

    ``score``: what the run leads with. ``can_tell``: it refuses what is unlike all it learned from.
    """
    told = [_classes(card), _learned(card), *_score(score), say(UNLIKE if can_tell else ANY)]
    return {language: [render(one, language) for one in told] for language in LANGUAGES}


UNLIKE = mark(
    "A picture unlike all that it learned from is called so, but not every strange one is noticed."
)
ANY = mark("It names one of its classes for any picture, also for one that shows none of them.")


def _classes(card: ModelCard) -> Message:
    return nsay(
        "It knows {num} class: {labels}.",
        "It tells {num} classes apart: {labels}.",
        num=len(card.labels),
        labels=enumeration(card.labels),
    )


def _learned(card: ModelCard) -> Message:
    return nsay("It learned from {num} image.", "It learned from {num} images.", num=card.num_train)


def _score(score: RunScore | None) -> list[Message]:
    """Say how often it was right; nothing where that is not known."""
    if score is None:
        return [say("How often it is right was not measured.")]
    found = score.accuracy
    share, interval = shares.percent(found.accuracy), shares.span(found.low, found.high)
    if score.judged_on is JudgedOn.FOLDS:  # each of them without a fold
        told = nsay(
            "On {num} image of the same data set models made like it, which had not seen it, were "
            "right in {share} ({interval}); on other photos it may be less.",
            "On {num} images of the same data set models made like it, which had not seen them, "
            "were right in {share} ({interval}); on other photos it may be less.",
            num=found.images,
            share=share,
            interval=interval,
        )
    else:
        told = nsay(
            "On {num} image of the same data set it was right in {share} ({interval}); on other "
            "photos it may be less.",
            "On {num} images of the same data set it was right in {share} ({interval}); on other "
            "photos it may be less.",
            num=found.images,
            share=share,
            interval=interval,
        )
    return [told]
