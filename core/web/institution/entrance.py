"""The pages of the door of an institution: sign in, why that did not work, sign out."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from core import words
from core.institution.admission import Reason
from core.institution.records import Institution
from core.records.classroom import Person, Role
from core.web import forms
from core.words import mark, render, say

_WHY = {
    Reason.TAKEN_OUT: mark("You were taken out of this Thaw. Ask whoever teaches with it."),
    Reason.NOT_LISTED: mark("Your account may not use this Thaw. Ask whoever runs it."),
    Reason.ADDRESS_TAKEN: mark(
        "Your address came with another account before. Ask whoever runs this Thaw."
    ),
    Reason.TROUBLE: mark(
        "The server cannot read or write what is yours: its disk may be full. Ask whoever runs "
        "this Thaw."
    ),
    Reason.FULL: mark("There is no place left in this Thaw. Ask whoever teaches with it."),
}
_AWAY = mark("The service with your accounts does not answer. Try again in a minute.")
_FAILED = mark(
    "Signing in did not work. Try again; whoever runs this Thaw finds the reason in the window "
    "of the server."
)
_BY_PROXY = mark("Open Thaw at the address that your institution gave you: it signs you in.")
_LEFT = mark("You are signed out of Thaw.")


class Entrance:
    """Draws what strangers see, and the way out."""

    def __init__(self, home: str, institution: Institution, providers: Sequence[str]) -> None:
        self._home, self._institution, self._providers = home, institution, providers

    def page(self, request: Request, reason: Reason | None = None) -> Response:
        """Offer to sign in; who has, and is refused, is told why and may change the account."""
        if reason is None:
            return self._drawn(request, self._offer(request), status=401)
        told = _alert(forms.text(_WHY[reason], _language(request)))
        other = self._button(request, "auth/logout", mark("Use another account"))
        return self._drawn(request, told + (other if self._providers else ""), status=403)

    def failed(self, request: Request, *, is_away: bool, cookies: Sequence[bytes]) -> Response:
        """Say that signing in did not work; what Streamlit had to say with cookies is kept."""
        told = _alert(forms.text(_AWAY if is_away else _FAILED, _language(request)))
        answer = self._drawn(request, told + self._offer(request), status=503 if is_away else 403)
        answer.raw_headers.extend((b"set-cookie", cookie) for cookie in cookies)
        return answer

    def leaving(self, request: Request, person: Person) -> Response:
        """Ask who is in whether to sign out."""
        language = _language(request)
        name = words.translate(mark("Teacher"), language)
        name = name if person.role is Role.TEACHER else person.nickname
        lead = render(say("Signed in as {name}. Your work stays when you sign out.", name=name),
                      language)  # fmt: skip
        body = _LEAVE.format(
            home=escape(self._home),
            lead=escape(lead),
            leave=forms.text(mark("Sign out"), language),
            back=forms.text(mark("Stay"), language),
        )
        return forms.page(body, language=language, status=200)

    def left(self, request: Request, onward: str) -> Response:
        """Say that one is signed out, and go on to where the institution signs one out, too."""
        language = _language(request)
        told = f"<p>{forms.text(_LEFT, language)}</p>"
        if not onward:
            close = mark("Close the browser, so that nobody comes in after you.")
            return self._drawn(request, f"{told}<p>{forms.text(close, language)}</p>", status=200)
        go = mark("Sign out of your account, too")
        link = f'<a class="go" href="{escape(onward)}">{forms.text(go, language)}</a>'
        again = f'<meta http-equiv="refresh" content="0;url={escape(onward)}">'
        return self._drawn(request, again + told + link, status=200)

    def _offer(self, request: Request) -> str:
        language = _language(request)
        if not self._providers:
            return f"<p>{forms.text(_BY_PROXY, language)}</p>"
        title = self._institution.title
        lead = say("Sign in with your account of {title}.", title=title) if title else (
            say("Sign in with the account of your institution."))  # fmt: skip
        buttons = [self._sign_in(language, name) for name in self._providers]
        return f"<p>{escape(render(lead, language))}</p>{''.join(buttons)}"

    def _sign_in(self, language: str, provider: str) -> str:
        label = say("Sign in with {name}", name=provider)
        if len(self._providers) == 1:
            label = say("Sign in")
        address = f"{self._home}sign-in?with={quote(provider, safe='')}"
        return f'<a class="go" href="{escape(address)}">{escape(render(label, language))}</a>'

    def _button(self, request: Request, path: str, label: str) -> str:
        shown = forms.text(label, _language(request))
        return f'<a class="go" href="{escape(self._home + path)}">{shown}</a>'

    def _drawn(self, request: Request, inside: str, *, status: int) -> Response:
        body = f"{_STYLE}<main><h1>Thaw</h1>{inside}</main>"
        return forms.page(body, language=_language(request), status=status)


def _language(request: Request) -> str:
    return forms.reader_language(request)


def _alert(told: str) -> str:
    return f'<p role="alert">{told}</p>'


_STYLE = """<style>main{width:22rem;max-width:100%}.go{display:block;text-align:center;
background:#0b7285;color:#fff;padding:.6rem .8rem;border-radius:.5rem;text-decoration:none}
@media (prefers-color-scheme:dark){[role=alert]{color:#ff8787}}</style>"""
_LEAVE = """<form method="post" action="{home}leave"><h1>Thaw</h1><p>{lead}</p>
<button>{leave}</button><a href="{home}">{back}</a></form>"""
