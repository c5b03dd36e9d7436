"""The page on which phones bring photos: who brings some agrees first, and can take all back."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Message, Receive

from core import words
from core.classroom import collecting, folder, quotas
from core.classroom.folder import ClassFolder, folder_in
from core.errors import UserError
from core.records.classroom import Collection, Contributor
from core.teaching import forgetting
from core.web import access, forms
from core.web.classroom import phone_pages
from core.words import mark, render, say

PATH = "collect/"  # the door of the class lets strangers ask below it
COOKIE = "thaw_contributor"
MOST_FILES = 100  # of one sending
MOST_BYTES = 150 * 2**20
MOST_PHOTO_BYTES = 40 * 2**20  # as the ingest holds pictures to
MOST_AT_ONCE = 6  # sendings that are read, those of one phone one after the other
SECONDS_STILL = 30.0  # without a byte
_SECONDS = 365 * 86400  # for which a phone is known: it may take its photos back


@dataclass(frozen=True, slots=True)
class PhoneRoutes:
    """What phones are answered; a function of the app says in which language."""

    root: Path
    language: Callable[[Request], str]
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    _sending: set[str] = field(default_factory=set)  # codes of contributors

    async def answer(self, request: Request) -> Response:
        """Answer a phone: with the sentence to agree to, then with the field for photos."""
        room, language = folder_in(self.root), self.language(request)
        token = request.path_params["collection"]
        collection = collecting.of_token(room, token) if folder.is_open() else None
        if collection is None:
            none = words.translate(mark("There is no such collection."), language)
            return phone_pages.page(phone_pages.notice(none), language, 404)
        giver = self._giver(request, room, collection)
        try:
            if request.method == "POST":
                return await self._posted(request, room, collection, giver)
            came = phone_pages.arrived(request)
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
        body = phone_pages.draw(collection, giver, told, language)
        return phone_pages.page(body, language, status)

    async def _posted(
        self, request: Request, room: ClassFolder, collection: Collection, giver: Contributor | None
    ) -> Response:
        if giver is not None and "multipart" in request.headers.get("content-type", ""):
            with self._alone(giver):
                async with self._slots:
                    num, others = await _received(request, room, collection, giver)
            told = f"?sent={num}{'&others=1' if others else ''}"
            return RedirectResponse(f"{request.url.path}{told}", status_code=303)
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

    @contextmanager
    def _alone(self, giver: Contributor) -> Iterator[None]:
        """Have one phone send once at a time. Raises `UserError`."""
        if giver.code in self._sending:
            raise UserError(
                say("Photos of yours are still arriving."),
                expected=say("One sending at a time."),
                mend=say("Wait until they have arrived."),
            )
        self._sending.add(giver.code)
        try:
            yield
        finally:
            self._sending.discard(giver.code)

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
) -> tuple[int, int]:
    """Keep the photos of a form, and count them and what was none.

    Nothing of it is read before its length was looked at. Raises `UserError` for what is too much.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise _too_large()
    quotas.check_floor(room, int(length))
    folder = room.collection(collection.token)
    places = folder.photos_of(giver.code), folder.waiting
    await run_in_threadpool(quotas.check_waiting, room, *places, int(length))
    patient = Request(request.scope, _patient(request.receive))
    try:
        async with patient.form(max_files=MOST_FILES, max_fields=5) as form:
            sent = [one for one in form.getlist("photo") if isinstance(one, UploadFile)]
            if any((one.size or 0) > MOST_PHOTO_BYTES for one in sent):
                raise _too_large()
            label, num = str(form.get("label", "")), 0
            for one in sent:
                data = await one.read()
                num += await run_in_threadpool(
                    collecting.receive, room, collection, giver, label, data
                )
            return num, len(sent) - num
    except ClientDisconnect:
        return 0, 0
    except HTTPException:  # more files than there may be, or no form at all
        raise _too_many() from None


def _patient(receive: Receive) -> Receive:
    """Give up on a body that does not arrive."""

    async def received() -> Message:
        try:
            return await asyncio.wait_for(receive(), SECONDS_STILL)
        except TimeoutError:
            return {"type": "http.disconnect"}

    return received


def _too_large() -> UserError:
    return UserError(
        say("These photos are too large to be sent at once."),
        expected=say(
            "At most {num} MB, and {one} MB a photo.",
            num=MOST_BYTES // 2**20,
            one=MOST_PHOTO_BYTES // 2**20,
        ),
        mend=say("Send fewer."),
    )


def _too_many() -> UserError:
    return UserError(
        say("These files cannot be taken at once."),
        expected=say("At most {num} photos.", num=MOST_FILES),
        mend=say("Send fewer at a time."),
    )
