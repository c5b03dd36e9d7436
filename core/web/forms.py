"""Small forms outside the pages: how they are read, and how they look."""

import asyncio
from html import escape
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from core import words

LANGUAGE_COOKIE = "thaw_lang"
_MOST_BYTES = 2_000  # of a form with short fields
_PATIENCE = 10.0  # seconds for it to arrive


async def read_fields(request: Request) -> dict[str, str]:
    """Read the fields of a form; what is too long, too slow or no form at all has none."""
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > _MOST_BYTES:
                    return {}
        fields = parse_qs(body.decode(), errors="strict")
    except (TimeoutError, ClientDisconnect, ValueError):
        return {}
    return {name: values[0] for name, values in fields.items()}


def reader_language(request: Request) -> str:
    """Give the language of whoever asks: the one chosen before, or the browser's."""
    asked = request.cookies.get(LANGUAGE_COOKIE) or request.headers.get("accept-language")
    return words.closest_language(asked)


def page(body: str, *, language: str, status: int) -> Response:
    """Answer with a page of forms; ``body`` is HTML, with what came from elsewhere escaped."""
    whole = _PAGE.format(language=language.replace("_", "-"), body=body)
    return HTMLResponse(whole, status_code=status, headers={"cache-control": "no-store"})


def text(sentence: str, language: str) -> str:
    """Give a text in the reader's language, for HTML."""
    return escape(words.translate(sentence, language))


_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Thaw</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>
:root{{color-scheme:light dark}}body{{font-family:system-ui,sans-serif;display:grid;
place-items:center;min-height:90vh;margin:1rem}}form{{max-width:22rem;display:grid;gap:.8rem}}
input,button{{font:inherit;padding:.6rem .8rem;border-radius:.5rem;border:1px solid #8aa}}
.code{{letter-spacing:.15em;text-transform:uppercase}}main{{max-width:22rem;display:grid;gap:1rem}}
button{{background:#0b7285;color:#fff;border:0}}[role=alert]{{color:#c92a2a;margin:0}}
summary{{cursor:pointer;padding:.4rem 0}}</style>
{body}
"""
