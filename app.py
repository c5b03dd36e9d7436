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
from core.classroom import folder
from core.errors import UserError
from core.runs import executors
from core.runs.sharing.places import place_of
from core.web import access, greeting, middleware, page_shell, routes
from core.workspace import Workspace, default_root

ADDRESS = st.get_option("server.address")
BASE = (st.get_option("server.baseUrlPath") or "").strip("/")
privacy.begin()
CERTIFICATE = st.get_option("server.sslCertFile")
try:
    privacy.close(default_root())
    KEY = access.secret(default_root())
    executors.module()  # or say why runs cannot be trained there
    CODE = access.code_for(ADDRESS, os.environ.get("THAW_ACCESS_CODE", ""))
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
HOSTS = st.get_option("server.allowedHosts")
if folder.is_open():
    GUARDS = middleware.for_class(default_root(), teacher_code=CODE, base=BASE, hosts=HOSTS)
else:
    GUARDS = middleware.middleware(address=ADDRESS, code=CODE, key=KEY, base=BASE, hosts=HOSTS)
app = st.App(
    PAGES / "_main.py",
    routes=routes.build(default_root(), base=BASE),
    middleware=[*GUARDS, page_shell.with_base(page.stem for page in PAGES.glob("[a-z]*.py"))],
    lifespan=lifespan,
)
