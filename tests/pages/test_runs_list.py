"""The list of runs: a table for each data set, filtered, with rows that are selected."""

from dataclasses import replace

import pytest

from core import files, runs
from core.errors import Problem
from core.judging.statistics import accuracy
from core.records import ModelCard, Progress, Stage, State, TrainConfig
from core.words import say
from pages._runs.watching import nodes
from tests.builders import make_dataset, make_run

CONFIG = TrainConfig(dataset_id="colours-0000", epochs=3)


def said(app) -> str:
    """Give every text on the page that is no table."""
    elements = [*app.subheader, *app.markdown, *app.caption]
    return "\n".join(str(element.value) for element in elements)


def select(app, *rows: int, dataset: str = "colours-0000"):
    """Select rows of a table, as clicks on them do."""
    app.session_state[f"rows-{dataset}"] = {"selection": {"rows": list(rows)}}
    return app.run()


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.QUEUED, "… queued"),
        (State.RUNNING, "▶ running 40%"),
        (State.DONE, "✓ done"),
        (State.STOPPED, "■ stopped"),
        (State.FAILED, "✗ failed"),
    ],
)
def test_the_list_says_in_words_where_a_run_stands(open_page, ws, keep_alive, state, told):
    make_dataset(ws)
    run_id = keep_alive(ws, make_run(ws, state=state))
    files.write_record(ws.run(run_id).progress, Progress(stage=Stage.TRAINING, done=0.4))

    app = open_page("runs")

    assert list(app.dataframe[0].value["state"]) == [told]
    assert "colours" in said(app)


def test_a_row_tells_of_a_run_what_is_needed_to_choose(open_page, ws):
    make_dataset(ws)
    runs.rename(ws, make_run(ws), "the best")

    row = open_page("runs").dataframe[0].value.iloc[0]

    assert row["name"] == "the best"
    assert (row["accuracy"], row["range"]) == (88, "53% to 98%")
    assert list(row["curve"]) == [0.4, 0.7, 0.8]
    assert (row["depth"], row["backbone"]) == ("head only", "MobileNetV2")
    assert row["time"] == "2 s"
    assert not {"version", "left_out", "node"} & set(row.index)  # all rows have the same


@pytest.mark.parametrize(("correct", "shown"), [(0, 0), (1, 1), (500, 50), (999, 99), (1000, 100)])
def test_all_and_none_are_only_said_of_all_and_none(open_page, ws, correct, shown):
    path = ws.run(make_run(ws)).card
    score = accuracy(correct, 1000, largest_class=500)
    files.write_record(path, replace(files.read_record(path, ModelCard), validation=score))

    assert list(open_page("runs").dataframe[0].value["accuracy"]) == [shown]


def test_each_data_set_has_a_table_and_what_tells_its_runs_apart_a_column(open_page, ws):
    make_dataset(ws)
    make_dataset(ws, name="others")
    made = sorted(make_run(ws) for _ in range(3))
    tasks = ({}, {"dataset_id": "others-0001"}, {"dataset_version": 1, "left_out": ("red",)})
    for run_id, task in zip(made, tasks, strict=True):
        files.write_record(ws.run(run_id).config, replace(CONFIG, **task))

    app = open_page("runs")

    assert [heading.value for heading in app.subheader] == ["colours", "others"]
    first, second = (table.value for table in app.dataframe)
    assert list(first["version"]) == [1, 0]
    assert list(first["left_out"])[:1] == ["red"]
    assert "version" not in second


def test_the_list_is_filtered_by_state_and_star_under_a_link(open_page, ws):
    make_dataset(ws)
    done, failed = make_run(ws), make_run(ws, state=State.FAILED)
    runs.rename(ws, done, "good")
    runs.rename(ws, failed, "bad")
    runs.star(ws, failed, True)

    def listed(**query):
        return list(open_page("runs", **query).dataframe[0].value["name"])

    assert sorted(listed()) == ["good", "★ bad"]
    assert listed(state="done") == ["good"]
    assert listed(state="starred") == ["★ bad"]
    assert len(listed(state="running")) == 2  # there is none any more


def test_a_selected_run_is_named_and_starred_in_its_detail(open_page, ws):
    make_dataset(ws)
    made = sorted(make_run(ws) for _ in range(2))
    app = select(open_page("runs"), 1)  # the older one

    app.text_input(key=f"name-{made[0]}").set_value("the best")
    app.button(key=f"do-rename-{made[0]}").click().run()
    app.button(key=f"star-{made[0]}").click().run()

    assert list(app.dataframe[0].value["name"])[1] == "★ the best"
    assert runs.summary(ws, made[0]).is_starred
    assert "88% right (53% to 98%" in said(app)


def test_a_selected_run_is_opened(open_page, ws):
    make_dataset(ws)
    run_id = make_run(ws)
    app = select(open_page("runs"), 0)

    app.button(key=f"open-{run_id}").click().run()

    assert app.query_params["run"] == run_id
    assert not app.exception


def test_two_selected_runs_are_compared(open_page, ws):
    make_dataset(ws)
    newer = replace(CONFIG, learning_rate=0.01)
    made = sorted(make_run(ws) for _ in range(2))
    files.write_record(ws.run(made[1]).config, newer)

    app = select(open_page("runs"), 0, 1)

    assert len(app.get("plotly_chart")) == 2
    assert "Both are right and wrong in the same images: no difference" in said(app)
    table = app.table[0].value.to_string()
    assert "Learning rate of the head" in table
    app.button(key=f"both-{made[1]}").click().run()
    assert [app.query_params[name] for name in ("run", "with")] == made[::-1]


def test_the_same_runs_stay_selected_when_others_come_and_go(open_page, ws):
    make_dataset(ws)
    first = make_run(ws)
    app = select(open_page("runs"), 0)
    assert app.button(key=f"open-{first}")

    second = make_run(ws)
    app.run()
    place = runs.ids(ws)[::-1].index(first)
    assert app.button(key=f"open-{first}")
    assert app.session_state["rows-colours-0000"]["selection"]["rows"] == [place]

    runs.delete(ws, first)
    app.run()
    assert not [b for b in app.button if b.key in (f"open-{first}", f"open-{second}")]


def test_old_links_to_a_run_and_to_a_pair_go_on_working(open_page, ws):
    make_dataset(ws)
    first, second = make_run(ws), make_run(ws)

    app = open_page("runs", run=first, **{"with": second})

    assert app.selectbox(key="pick-with").value == second
    assert app.title[0].value == "colours"
    assert len(app.get("plotly_chart")) == 2


def test_runs_of_a_cluster_are_told_apart_by_their_nodes(open_page, ws):
    make_dataset(ws)
    for node in ("one", "two"):
        run_id = make_run(ws)
        runs.set_state(ws, run_id, State.DONE, node=node)

    app = open_page("runs")
    told = said(open_page("runs", run=run_id))

    assert sorted(app.dataframe[0].value["node"]) == ["one", "two"]
    assert "on two" in told


def test_a_run_that_no_node_has_begun_with_is_not_said_to_run(
    open_page, ws, keep_alive, monkeypatch
):
    make_dataset(ws)
    run_id = keep_alive(ws, make_run(ws, state=State.RUNNING))
    before = Progress(stage=Stage.TRAINING, done=0.4, eta_seconds=9)  # of a node that was lost
    files.write_record(ws.run(run_id).progress, before)
    assert "▶" in open_page("runs").dataframe[0].value["state"][0]  # one of this machine does

    monkeypatch.setenv("THAW_EXECUTOR", "ray:head:6379")
    row = open_page("runs").dataframe[0].value.iloc[0]
    told = shown(open_page("runs", run=run_id))

    assert row["state"] == "… queued"
    assert "Waiting for a free node of the cluster." in told
    assert "left" not in told

    runs.set_state(ws, run_id, State.QUEUED, node="two", attempt=1)
    told = shown(open_page("runs", run=run_id))

    assert "It was cut off on two and waits for another node." in told
    assert "on two" not in {part.strip() for part in told.split("·")}


def test_a_node_that_has_fallen_silent_is_said_to_be(open_page, ws, keep_alive, monkeypatch):
    monkeypatch.setattr(nodes, "SILENT", -1.0)
    make_dataset(ws)
    run_id = keep_alive(ws, make_run(ws, state=State.RUNNING))
    runs.set_state(ws, run_id, State.RUNNING, node="two")
    files.write_record(ws.run(run_id).progress, Progress(stage=Stage.TRAINING, done=0.4))

    told = shown(open_page("runs", run=run_id))

    assert "Nothing was heard of two for 5 s. If it is gone, the run goes on elsewhere." in told


def shown(app) -> str:
    """Give what a page says, and what stands over its bar."""
    bars = [bar.proto.text for bar in app.get("progress")]
    return " · ".join([said(app), *bars])


def test_why_no_run_is_taken_for_a_cluster_stands_on_the_page(open_page, ws, monkeypatch):
    ws.root.mkdir(parents=True, exist_ok=True)
    problem = Problem(what=say("No cluster answers."), expected=say("One."), mend=say("Start it."))
    files.write_record(ws.no_worker, problem)
    assert not open_page("runs").error  # nobody asks for a cluster any more

    monkeypatch.setenv("THAW_EXECUTOR", "ray:head:6379")

    assert "Start it" in open_page("runs").error[0].value
