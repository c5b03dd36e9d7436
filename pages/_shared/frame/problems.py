"""What went wrong, drawn where it did."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import UserError
from core.institution import settings
from core.web import access
from core.words import Message, join
from pages._shared.words import language, md, t


@contextmanager
def mendable() -> Iterator[None]:
    """Draw a user's mistake where it was made; let a programmer's mistake through."""
    try:
        yield
    except UserError as error:
        draw_problem(error)
    except access.NotAdmittedError:
        draw_left()
    except OSError as error:
        if error.errno not in _DISK_TROUBLES:
            raise
        st.error(
            t("Free some space or choose another folder with THAW_HOME, then try again."),
            title=t("The disk is full or cannot be written to."),
            icon=":material/hard_drive:",
        )


_DISK_TROUBLES = (13, 28, 30, 122)  # no permission, no space, read-only, over quota


def draw_left() -> None:
    """Say that whoever looks is not in the class: a reload leads to its door."""
    signs_in = settings.is_on()
    st.info(
        t("Load the page again to sign in.") if signs_in else t("Load the page again to join."),
        title=t("You are signed out.") if signs_in else t("You are not in the class any more."),
        icon=":material/door_front:",
    )


def draw_problem(error: UserError) -> None:
    """Draw the three sentences of an error: what happened, what was expected, how to mend it."""
    problem = error.problem
    body = sentences(problem.expected, problem.mend)
    st.error(body, title=sentences(problem.what), icon=":material/error:")


def sentences(*messages: Message) -> str:
    """Say one after the other, escaped."""
    return join((md(t(message)) for message in messages), language())
