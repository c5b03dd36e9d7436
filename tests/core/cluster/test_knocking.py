"""A knock at the head of a cluster, against a server that answers as Ray's does."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest

from core.cluster import knocking
from core.errors import UserError

TOKEN = "c" * 64


class Head(grpc.GenericRpcHandler):
    """Knows one token, or none: then it lets everybody in."""

    def __init__(self, token: str, method: str) -> None:
        self._token, self._method = token, method

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        if details.method != self._method:
            return None
        given = dict(details.invocation_metadata).get("authorization")

        def answer(asked: bytes, context: grpc.ServicerContext) -> bytes:
            if self._token and given != f"Bearer {self._token}":
                context.abort(grpc.StatusCode.UNAUTHENTICATED, "InvalidAuthToken")
            return b"cluster"

        return grpc.unary_unary_rpc_method_handler(answer)


@pytest.fixture
def head() -> Iterator[Callable[..., str]]:
    servers = []

    def start(token: str, method: str = knocking._ASKED) -> str:
        server = grpc.server(ThreadPoolExecutor(1), handlers=(Head(token, method),))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)
        return f"127.0.0.1:{port}"

    yield start
    for server in servers:
        server.stop(None).wait()


def test_a_head_that_knows_the_token_is_joined(head: Callable[..., str]):
    knocking.knock(head(TOKEN), TOKEN)


def test_a_head_that_lets_everybody_in_is_refused(head: Callable[..., str]):
    with pytest.raises(UserError, match="asks for no token"):
        knocking.knock(head(""), TOKEN)


def test_a_wrong_token_is_refused_at_once(head: Callable[..., str]):
    with pytest.raises(UserError, match="does not accept the token"):
        knocking.knock(head(TOKEN), "d" * 64)


def test_a_head_of_another_version_is_left_to_ray(head: Callable[..., str]):
    knocking.knock(head(TOKEN, method="/ray.rpc.Other/Call"), TOKEN)


def test_a_head_that_is_not_there_is_named(head: Callable[..., str]):
    with pytest.raises(UserError, match=r"No cluster answers at 127\.0\.0\.1:9"):
        knocking.knock("127.0.0.1:9", TOKEN)


def test_the_token_is_found_where_ray_looks_for_it(tmp_path: Path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")

    assert knocking.token_of({"RAY_AUTH_TOKEN": TOKEN}) == TOKEN
    assert knocking.token_of({"RAY_AUTH_TOKEN_PATH": str(tmp_path / "token")}) == TOKEN
    with pytest.raises(UserError, match="could not be read"):
        knocking.token_of({"RAY_AUTH_TOKEN_PATH": str(tmp_path / "missing")})


@pytest.mark.parametrize("content", [b"", b" \n", bytes(range(256))])
def test_a_file_that_holds_no_token_is_named(tmp_path: Path, content: bytes):
    path = tmp_path / "token"
    path.write_bytes(content)

    with pytest.raises(UserError, match=r"from .*token \(it holds no token\)"):
        knocking.token_of({"RAY_AUTH_TOKEN_PATH": str(path)})
