"""The code of a run stands on its page, where the reader opens it."""

from tests import numbered
from tests.builders import make_dataset, make_run

TITLE = "in plain Keras: python train.py FOLDER"


def scripts(app) -> list[str]:
    return [code.value for code in app.code if TITLE in code.value]


def test_the_code_is_written_when_it_is_opened(open_page, ws):
    make_dataset(ws)
    run_id = make_run(ws)
    app = open_page("runs", run=run_id)

    assert not scripts(app)
    app.session_state["code"] = True
    app.run()

    assert len(scripts(app)) == 1
    assert any(link.proto.url.endswith(f"/{run_id}/code") for link in app.get("link_button"))


def test_a_run_of_numbers_shows_its_code_too(open_page, ws):
    run_id = numbered.make_number_run(ws, numbered.make_numbers(ws), optimizer="adam")
    app = open_page("runs", run=run_id)

    app.session_state["code"] = True
    app.run()

    assert not app.exception
    assert 'row["number"]' in scripts(app)[0]


def test_a_run_whose_data_set_is_gone_says_so(open_page, ws):
    make_dataset(ws)
    run_id = make_run(ws)
    ws.dataset("colours-0000").record.unlink()
    app = open_page("runs", run=run_id)

    app.session_state["code"] = True
    app.run()

    assert not app.exception
    assert not scripts(app)
    assert app.error
