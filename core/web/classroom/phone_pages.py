"""What the page says on which phones bring photos: what is agreed to, then the field for photos."""

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from core import words
from core.records.classroom import Collection, Contributor
from core.web import forms
from core.words import mark, nsay, render, say

_NARROW = 'style="min-width:0;max-width:100%;box-sizing:border-box;font:inherit;padding:.6rem"'
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"
    ),
    "referrer-policy": "same-origin",
    "x-robots-tag": "noindex",
}
_CLOSED = mark("No photos are taken any more.")


def draw(collection: Collection, giver: Contributor | None, told: str, language: str) -> str:
    """Draw the page for whoever asks; ``told``: what came of the form before."""
    if giver is not None:
        return _photos(collection, giver, told, language)
    if not collection.is_open:
        return notice(told or render(say(_CLOSED), language), collection.title)
    return _agreement(collection, told, language)


def arrived(request: Request) -> words.Message | None:
    """Say what came of the form before."""
    sent = request.query_params.get("sent", "")
    if request.query_params.get("removed"):
        return say("Your photos were removed, wherever they were.")
    if not sent.isdecimal() or len(sent) > 4:
        return None
    if sent == "0":
        return say("Nothing arrived that is a photo: choose JPEG, PNG or WebP.")
    told = nsay(
        "{num} photo has arrived. Your teacher looks at it first.",
        "{num} photos have arrived. Your teacher looks at them first.",
        num=int(sent),
    )
    if "others" not in request.query_params:
        return told
    return say("{arrived} The other files are no photos: choose JPEG, PNG or WebP.", arrived=told)


def _agreement(collection: Collection, told: str, language: str) -> str:
    consent = say(
        "The photos that you send are stored on your teacher's computer, in the data set "
        "'{title}', and models of the class learn from them. Nothing else is done with them. You "
        "can have them removed at any time, on this page with the same phone or by your teacher; "
        "models that have learned stay. Send only what you took yourself, and nobody who has not "
        "agreed.",
        title=collection.title,
    )
    return _AGREEMENT.format(
        title=escape(collection.title),
        told=escape(told),
        consent=escape(render(consent, language)),
        agree=forms.text(mark("I agree"), language),
        name=forms.text(mark("Your name or nickname"), language),
        go=forms.text(mark("Go on"), language),
    )


def _photos(collection: Collection, giver: Contributor, told: str, language: str) -> str:
    sending = _sending(collection, language) if collection.is_open else ""
    if not sending:
        told = told or render(say(_CLOSED), language)
    return _PHOTOS.format(
        title=escape(collection.title),
        told=escape(told),
        giver=escape(giver.name),
        sending=sending,
        remove=forms.text(mark("Remove all my photos"), language),
    )


def _sending(collection: Collection, language: str) -> str:
    options = "".join(
        f'<option value="{escape(c)}">{escape(c)}</option>' for c in collection.classes
    )
    title = forms.text(mark("What is on the photos?"), language)
    chooser = (
        f'<label for="l">{title}</label><select id="l" name="label" {_NARROW}>{options}</select>'
    )
    return _SENDING.format(
        chooser=chooser if collection.classes else "",
        narrow=_NARROW,
        photos=forms.text(mark("Photos"), language),
        send=forms.text(mark("Send"), language),
    )


def notice(text: str, title: str = "Thaw") -> str:
    """Draw a page of one sentence."""
    return f'<main><h1>{escape(title)}</h1><p role="alert">{escape(text)}</p></main>'


def page(body: str, language: str, status: int) -> Response:
    """Answer with a page that may load and run nothing."""
    answer = forms.page(body, language=language, status=status)
    answer.headers.update(_HEADERS)
    return answer


_AGREEMENT = """<form method="post"><h1>{title}</h1><p role="status">{told}</p><p>{consent}</p>
<label for="n">{name}</label><input id="n" name="name" required maxlength="60" autocomplete="off">
<label><input type="checkbox" name="agreed" value="1" required> {agree}</label>
<button>{go}</button></form>"""
_PHOTOS = """<main><h1>{title}</h1><p>{giver}</p><p role="status">{told}</p>{sending}
<form method="post"><input type="hidden" name="remove" value="1">
<button>{remove}</button></form></main>"""
_SENDING = """<form method="post" enctype="multipart/form-data">{chooser}
<label for="p">{photos}</label><input id="p" type="file" name="photo" multiple required
accept="image/jpeg,image/png,image/webp" {narrow}>
<button>{send}</button></form>"""
