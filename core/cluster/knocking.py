"""A knock at a cluster's head before Ray is loaded: whether it is there, and asks for our token.

Ray itself waits for minutes for a head that is not there, for 20 seconds with a wrong token, and
joins a cluster that lets everybody in without a word.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import grpc

from core.errors import UserError
from core.words import Message, say

PATIENCE = 5.0  # seconds
_ASKED = "/ray.rpc.NodeInfoGcsService/GetClusterId"  # what each client of Ray asks first


def knock(address: str, token: str) -> None:
    """Refuse a head that does not answer, lets everybody in, or does not know the token.

    Raises `UserError`.
    """
    without = _ask(address, "")
    if without is grpc.StatusCode.OK:
        raise _open(address)
    if without is grpc.StatusCode.UNIMPLEMENTED:  # of another version: Ray will say so
        return
    if without is not grpc.StatusCode.UNAUTHENTICATED:
        raise _silent(address)
    if _ask(address, token) is not grpc.StatusCode.OK:
        raise _strange(address)


def token_of(environment: Mapping[str, str] = os.environ) -> str:
    """Find the token where Ray looks for it: in the environment, in a file that it names, at home.

    Raises `UserError` where there is none.
    """
    if token := environment.get("RAY_AUTH_TOKEN", "").strip():
        return token
    path = Path(environment.get("RAY_AUTH_TOKEN_PATH") or Path.home() / ".ray" / "auth_token")
    try:
        if token := path.read_text(encoding="ascii").strip():
            return token
    except OSError as error:
        raise _missing(path, error.strerror or str(error)) from error
    except ValueError as error:  # no text
        raise _missing(path, say("it holds no token")) from error
    raise _missing(path, say("it holds no token"))


def _ask(address: str, token: str) -> grpc.StatusCode:
    head = [("authorization", f"Bearer {token}")] if token else []
    with grpc.insecure_channel(address) as channel:
        try:
            channel.unary_unary(_ASKED)(b"", timeout=PATIENCE, metadata=head)
        except grpc.RpcError as error:
            return error.code()  # type: ignore[attr-defined,no-any-return]
    return grpc.StatusCode.OK


def _silent(address: str) -> UserError:
    return UserError(
        say("No cluster answers at {address}.", address=address),
        expected=say("Its head must run, and this computer must be able to reach it."),
        mend=say("Start it with 'ray start', or change the address in THAW_EXECUTOR."),
    )


def _open(address: str) -> UserError:
    return UserError(
        say("The cluster at {address} asks for no token.", address=address),
        expected=say("Without a token, whoever reaches a cluster can run anything on it."),
        mend=say("Set RAY_AUTH_MODE=token there and start it anew, as docs/cluster.md says."),
    )


def _strange(address: str) -> UserError:
    return UserError(
        say("The cluster at {address} does not accept the token given here.", address=address),
        expected=say("All computers of a cluster must have the same token."),
        mend=say(
            "Copy .ray/auth_token from the home folder of the head into that of this computer."
        ),
    )


def _missing(path: Path, reason: str | Message) -> UserError:
    return UserError(
        say(
            "The token of the cluster could not be read from {path} ({reason}).",
            path=str(path),
            reason=reason,
        ),
        expected=say("All computers of a cluster must have the same token."),
        mend=say(
            "Copy .ray/auth_token from the home folder of the head into that of this computer."
        ),
    )
