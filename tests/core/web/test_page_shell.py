"""The HTML of a page says where the server is; all other answers stay as they are."""

import re

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.web import page_shell

HTML = "<!DOCTYPE html><html><head><title>é</title></head></html>"
AS_BROWSERS_ASK = {"accept": "text/html,*/*", "accept-encoding": "gzip", "if-none-match": '"1"'}


def client() -> TestClient:
    def shell(request):
        unsure = {"accept-encoding", "if-none-match"} & {*request.headers}
        return HTMLResponse(HTML, headers={"etag": '"1"', "x-unsure": " ".join(unsure)})

    routes = [Route("/file", lambda r: PlainTextResponse("<head>")), Route("/{path:path}", shell)]
    return TestClient(Starlette(routes=routes, middleware=[page_shell.with_base(["runs", "data"])]))


def test_a_page_is_told_its_base_and_is_whole():
    answer = client().get("/data", headers=AS_BROWSERS_ASK)

    assert re.sub("<script>.*</script>", "", answer.text) == HTML
    assert answer.text.index("<head><script>window.__streamlit") > 0
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers
    assert answer.headers["x-unsure"] == ""


@pytest.mark.parametrize(
    ("path", "base"),
    [
        ("/", "/"),
        ("/data", "/"),
        ("/runs/", "/"),
        ("/school/thaw/data", "/school/thaw/"),
        ("/school/thaw/", "/school/thaw/"),
        ("/mydata", "/mydata"),
    ],
)
def test_the_base_is_the_address_without_the_name_of_the_page(path: str, base: str):
    script = client().get("/", headers=AS_BROWSERS_ASK).text
    [pattern] = re.findall(r"replace\(/(.*)/, '\$1'\)", script)

    assert re.sub(pattern.replace(r"\/", "/"), r"\1", path) == base


def test_what_is_no_page_stays_as_it_is():
    assert client().get("/file", headers=AS_BROWSERS_ASK).text == "<head>"
    assert client().get("/data", headers={"accept": "image/png"}).text == HTML
