"""The launcher: pages, routes and guards as one ASGI app. Run with ``streamlit run app.py``."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from core import access, executors, guard, routes
from core.workspace import default_root

ADDRESS = st.get_option("server.address")
PORT = st.get_option("server.port")
BASE = (st.get_option("server.baseUrlPath") or "").strip("/")
CODE = os.environ.get("THAW_ACCESS_CODE") or (
    "" if access.is_loopback(ADDRESS) else access.new_code()
)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Say where to look, go on with runs that were cut off, calm the garbage collection."""
    for host in ("127.0.0.1", access.own_address())[: 2 if CODE else 1]:
        print(f"  Thaw is open at http://{host}:{PORT}/{BASE}", flush=True)
    if CODE:
        print(f"  Access code: {CODE}", flush=True)
    with executors.app_session(access.open_workspace(None, default_root())):
        gc.collect()
        gc.freeze()
        yield


app = st.App(
    Path(__file__).parent / "pages" / "_main.py",
    routes=routes.build(default_root(), base=BASE),
    middleware=guard.middleware(
        address=ADDRESS,
        code=CODE,
        key=access.secret(default_root()),
        base=BASE,
        hosts=st.get_option("server.allowedHosts"),
    ),
    lifespan=lifespan,
)
