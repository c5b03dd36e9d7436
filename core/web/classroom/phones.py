"""The page on which phones bring photos: who brings some agrees first, and can take all back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from core import words
from core.classroom import collecting, folder, quotas
from core.classroom.folder import ClassFolder, folder_in
from core.errors import UserError
from core.records.classroom import Collection, Contributor
from core.teaching import forgetting
from core.web import access, forms
from core.words import mark, nsay, render, say

PATH = "collect/"  # the door of the class lets strangers ask below it
COOKIE = "thaw_contributor"
MOST_FILES = 30  # of one sending
MOST_BYTES = 150 * 2**20
_NARROW = 'style="min-width:0;max-width:100%;box-sizing:border-box;font:inherit;padding:.6rem"'
_SECONDS = 12 * 3600  # for which a phone is known
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"
    ),
    "referrer-policy": "same-origin",
    "x-robots-tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class PhoneRoutes:
    """What phones are answered; a function of the app says in which language."""

    root: Path
    language: Callable[[Request], str]

    async def answer(self, request: Request) -> Response:
        """Answer a phone: with the sentence to agree to, then with the field for photos."""
        room, language = folder_in(self.root), self.language(request)
        token = request.path_params["collection"]
        collection = collecting.of_token(room, token) if folder.is_open() else None
        if collection is None:
            return _page(_told(mark("There is no such collection."), language), language, 404)
        giver = self._giver(request, room, collection)
        try:
            if request.method == "POST":
                return await self._posted(request, room, collection, giver)
            came = _arrived(request)
            return self._shown(request, collection, giver, render(came, language) if came else "")
        except UserError as error:
            told = words.join(error.render(language).values(), language)
            return self._shown(request, collection, giver, told, status=422)

    def _shown(
        self,
        request: Request,
        collection: Collection,
        giver: Contributor | None,
        told: str,
        status: int = 200,
    ) -> Response:
        language = self.language(request)
        draw = _agreement if giver is None else _photos
        return _page(draw(collection, giver, told, language), language, status)

    async def _posted(
        self, request: Request, room: ClassFolder, collection: Collection, giver: Contributor | None
    ) -> Response:
        if giver is not None and "multipart" in request.headers.get("content-type", ""):
            num = await _received(request, room, collection, giver)
            return RedirectResponse(f"{request.url.path}?sent={num}", status_code=303)
        fields = await forms.read_fields(request)
        if giver is not None and fields.get("remove"):
            await run_in_threadpool(partial(forgetting.remove, room, collection, giver, by=""))
            answer = RedirectResponse(f"{request.url.path}?removed=1", status_code=303)
            answer.delete_cookie(COOKIE, path=request.url.path)
            return answer
        if giver is None and fields.get("agreed"):
            taken = await run_in_threadpool(
                collecting.take_in, room, collection, fields.get("name", "")
            )
            return self._remembered(request, collection, taken)
        return RedirectResponse(request.url.path, status_code=303)

    def _remembered(self, request: Request, collection: Collection, giver: Contributor) -> Response:
        answer = RedirectResponse(request.url.path, status_code=303)
        answer.set_cookie(
            COOKIE,
            str(self._signer().dumps([collection.token, giver.code])),
            max_age=_SECONDS,
            path=request.url.path,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    def _giver(
        self, request: Request, room: ClassFolder, collection: Collection
    ) -> Contributor | None:
        """Give who asks; None for one who has not agreed, or was removed."""
        try:
            token, code = self._signer().loads(request.cookies.get(COOKIE, ""), max_age=_SECONDS)
        except (BadSignature, ValueError):
            return None
        known = token == collection.token
        return collecting.contributor(room, collection, code) if known else None

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(access.secret(self.root), salt="thaw-contributor")


async def _received(
    request: Request, room: ClassFolder, collection: Collection, giver: Contributor
) -> int:
    """Keep the photos of a form; nothing of it is read before its length was looked at."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise UserError(
            say("These photos are too large to be sent at once."),
            expected=say("At most {num} MB.", num=MOST_BYTES // 2**20),
            mend=say("Send fewer."),
        )
    quotas.check_floor(room, int(length))
    try:
        async with request.form(max_files=MOST_FILES, max_fields=5) as form:
            label = str(form.get("label", ""))
            num = 0
            for item in form.getlist("photo"):
                if isinstance(item, UploadFile) and item.size:
                    data = await item.read()
                    num += await run_in_threadpool(
                        collecting.receive, room, collection, giver, label, data
                    )
            return num
    except ClientDisconnect:
        return 0


def _arrived(request: Request) -> words.Message | None:
    """Say what came of the form before."""
    sent = request.query_params.get("sent", "")
    if request.query_params.get("removed"):
        return say("Your photos were removed, wherever they were.")
    if not sent.isdecimal() or len(sent) > 4:
        return None
    if sent == "0":
        return say("Nothing arrived that is a photo: choose JPEG, PNG or WebP.")
    return nsay(
        "{num} photo has arrived. Your teacher looks at it first.",
        "{num} photos have arrived. Your teacher looks at them first.",
        num=int(sent),
    )


def _agreement(collection: Collection, _giver: Contributor | None, told: str, language: str) -> str:
    consent = say(
        "The photos that you send are stored on your teacher's computer, in the data set "
        "'{title}', and models of the class learn from them. Nothing else is done with them. You "
        "can have them removed on this page or by your teacher at any time; models that have "
        "learned stay. Send only what you took yourself, and nobody who has not agreed.",
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


def _photos(collection: Collection, giver: Contributor | None, told: str, language: str) -> str:
    options = "".join(
        f'<option value="{escape(c)}">{escape(c)}</option>' for c in collection.classes
    )
    title = forms.text(mark("What is on the photos?"), language)
    chooser = (
        f'<label for="l">{title}</label><select id="l" name="label" {_NARROW}>{options}</select>'
    )
    return _PHOTOS.format(
        title=escape(collection.title),
        told=escape(told),
        giver=escape(giver.name if giver else ""),
        chooser=chooser if collection.classes else "",
        narrow=_NARROW,
        photos=forms.text(mark("Photos"), language),
        send=forms.text(mark("Send"), language),
        remove=forms.text(mark("Remove all my photos"), language),
    )


def _told(text: str, language: str) -> str:
    return f'<main><h1>Thaw</h1><p role="alert">{forms.text(text, language)}</p></main>'


def _page(body: str, language: str, status: int) -> Response:
    answer = forms.page(body, language=language, status=status)
    answer.headers.update(_HEADERS)
    return answer


_AGREEMENT = """<form method="post"><h1>{title}</h1><p role="status">{told}</p><p>{consent}</p>
<label for="n">{name}</label><input id="n" name="name" required maxlength="60" autocomplete="off">
<label><input type="checkbox" name="agreed" value="1" required> {agree}</label>
<button>{go}</button></form>"""
_PHOTOS = """<main><form method="post" enctype="multipart/form-data"><h1>{title}</h1>
<p>{giver}</p><p role="status">{told}</p>{chooser}<label for="p">{photos}</label>
<input id="p" type="file" name="photo" accept="image/jpeg,image/png,image/webp" multiple required
{narrow}>
<button>{send}</button></form>
<form method="post"><input type="hidden" name="remove" value="1">
<button>{remove}</button></form></main>"""
