"""The launcher: pages, routes and guards as one ASGI app. Run with ``streamlit run app.py``."""

import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from core import privacy
from core.batch_predictions import store as batches
from core.errors import UserError
from core.institution import settings
from core.runs import executors
from core.runs.sharing.places import place_of
from core.web import access, greeting, middleware, page_shell, routes
from core.workspace import Workspace, default_root
from pages._classroom import accounts, memory

ADDRESS = st.get_option("server.address")
BASE = (st.get_option("server.baseUrlPath") or "").strip("/")
SHARED = {"base": BASE, "hosts": st.get_option("server.allowedHosts")}
privacy.begin()
CERTIFICATE = st.get_option("server.sslCertFile")
try:
    privacy.close(default_root())
    executors.module()  # or say why runs cannot be trained there
    CODE = access.code_for(ADDRESS, os.environ.get("THAW_ACCESS_CODE", ""))
    if settings.is_on():
        GUARDS = accounts.guards(default_root(), **SHARED)
    else:
        GUARDS = middleware.guards(default_root(), address=ADDRESS, code=CODE, **SHARED)
except (UserError, OSError) as error:
    sys.exit(f"error: {error if isinstance(error, UserError) else UserError.of_system(error)}")


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Say where to look, go on with runs that were cut off, calm the garbage collection."""
    port = st.get_option("server.port")  # another one where the first was taken
    addresses = access.web_addresses(ADDRESS, port, BASE, "https" if CERTIFICATE else "http")
    print("\n".join(greeting.lines(addresses, CODE, default_root(), CERTIFICATE)), flush=True)
    with executors.app_session(Workspace(default_root())):
        for ws in place_of(Workspace(default_root())).workspaces():
            batches.try_to_revive(ws)
        gc.collect()
        gc.freeze()
        yield


PAGES = Path(__file__).parent / "pages"
NAMES = sorted(page.stem for page in PAGES.glob("[a-z]*.py"))
app = st.App(
    PAGES / "_main.py",
    routes=routes.build(default_root(), base=BASE),
    middleware=[*GUARDS, *memory.shares(BASE), page_shell.with_base(NAMES)],
    lifespan=lifespan,
)
