"""Where a class is seen on average, computed once and kept beside the run."""

from dataclasses import replace

import numpy as np
import pytest

from core import files
from core.engine.serving.server import Server
from core.errors import UserError
from core.judging import border
from core.records import ClassHeat
from core.records.requests import ExplainClass
from core.workspace import Workspace

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: saving says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def ask(ws: Workspace, run_id: str, label: str) -> ClassHeat:
    return Server(ws).handlers[ExplainClass](ExplainClass(run_id=run_id, label=label))


def test_the_heat_of_a_class_is_kept_with_its_picture(trained: tuple[Workspace, str]):
    ws, run_id = trained

    found = ask(ws, run_id, "red")

    folder = ws.run(run_id)
    index = ("green", "red").index("red")
    assert files.read_record(folder.class_heat(index), ClassHeat) == found
    assert folder.class_picture(index).read_bytes().startswith(b"\x89PNG")
    assert (found.images, found.even) == (3, border.EVEN)
    assert np.sum(found.heat) == pytest.approx(1, abs=1e-4)


def test_it_is_not_computed_again_until_the_model_is_another(trained: tuple[Workspace, str]):
    ws, run_id = trained
    found = ask(ws, run_id, "green")
    kept = ws.run(run_id).class_heat(0)

    files.write_record(kept, replace(found, border=0.123))
    again = ask(ws, run_id, "green")
    files.write_record(kept, replace(found, made=1.0))
    anew = ask(ws, run_id, "green")

    assert (again.border, anew) == (0.123, found)


def test_a_class_that_is_not_known_is_refused(trained: tuple[Workspace, str]):
    ws, run_id = trained

    with pytest.raises(UserError, match="Did you mean 'red'"):
        ask(ws, run_id, "rd")
