"""An answer that is held back until it is known what it comes to."""

from http.cookies import CookieError, SimpleCookie

from starlette.types import Message


class HeldAnswer:
    """What an app answers, held back."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def cookies(self) -> list[bytes]:
        headers = self.messages[0].get("headers", ()) if self.messages else ()
        return [value for name, value in headers if name.lower() == b"set-cookie"]

    def close_cookies(self) -> None:
        """Have a browser send the cookies over https alone, which Streamlit leaves open."""
        self.messages[0]["headers"] = [
            (name, _closed(text) if name.lower() == b"set-cookie" else text)
            for name, text in self.messages[0].get("headers", ())
        ]

    def forget_cookies(self) -> None:
        """Give the browser nothing of what was answered."""
        self.messages[0]["headers"] = []

    @property
    def given_cookies(self) -> dict[str, str]:
        """Give the cookies that a browser will have of it."""
        found: dict[str, str] = {}
        for line in self.cookies:
            try:
                for name, morsel in SimpleCookie(line.decode("latin-1")).items():
                    found[name] = morsel.value
            except CookieError:
                continue
        return {name: value for name, value in found.items() if value}


def _closed(cookie: bytes) -> bytes:
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"
