"""What goes over the pipe to the engine: records both ways, and nothing unknown."""

import json
from dataclasses import replace

import pytest

from core.errors import Problem, UserError
from core.records import Prediction, Score, State, TrainConfig
from core.records.requests import (
    VERBS,
    CompleteResults,
    ConvertModel,
    Embed,
    Explain,
    ExplainClass,
    FindLearningRate,
    OpenModel,
    OpenTest,
    Ping,
    Predict,
    Predictions,
    PredictOriginal,
    PrepareRun,
    ReadModel,
    Ready,
    RunEnded,
    ShowJunk,
    TimeModels,
    TrainRun,
    TryRanges,
    decode_answer,
    decode_request,
    encode_answer,
    encode_refusal,
    encode_request,
)
from core.words import say

CONFIG = TrainConfig(dataset_id="d", left_out=("red", "blue"))
REQUESTS = {
    "train": TrainRun(run_id="r", halved=True),
    "prepare": PrepareRun(config=CONFIG),
    "ping": Ping(),
    "predict": Predict(run_id="r", files=("/猫.png", "/not\udce9 utf-8\n.png")),
    "predict_original": PredictOriginal(run_id="r", files=("/猫.png",)),
    "explain": Explain(run_id="r", file="/猫.png", label="cat", occlude=True),
    "explain_class": ExplainClass(run_id="r", label="cat"),
    "test": OpenTest(run_id="r"),
    "complete_results": CompleteResults(run_id="r"),
    "show_junk": ShowJunk(run_id="r"),
    "embed": Embed(config=CONFIG),
    "time_models": TimeModels(run_ids=("1", "2")),
    "read_model": ReadModel(folder="/f"),
    "try_ranges": TryRanges(folder="/f", dataset_id="d", dataset_version=1),
    "open_model": OpenModel(path="/m.keras", classes=3),
    "convert": ConvertModel(run_id="r", format="onnx", folder="/out", images=("/a.png",)),
    "learning_rates": FindLearningRate(config=CONFIG),
}
KNOWN = {verb.request for verb in VERBS.values()}


def sent(request) -> dict:
    line = encode_request(request)
    assert "\n" not in line
    row: dict = json.loads(line.encode("utf-8"))
    return row


def refused(row: dict, known=KNOWN) -> str:
    with pytest.raises(UserError) as error:
        decode_request(row, known)
    return str(error.value)


@pytest.mark.parametrize("verb", VERBS)
def test_a_request_arrives_as_it_was_sent_under_its_verb(verb: str):
    row = sent(REQUESTS[verb])

    assert list(row) == [verb]
    assert decode_request(row, KNOWN) == REQUESTS[verb]


def test_an_answer_arrives_as_it_was_given():
    problem = Problem(what=say("No {it}.", it=say("image")), expected=say("A."), mend=say("B."))
    scores = (Score(label="cat", probability=0.75),)
    seen = Prediction(file="a", label="cat", scores=scores)
    answer = Predictions(predictions=(seen, Prediction(file="b", problem=problem)))
    ended = RunEnded(ended=State.STOPPED)

    def back(request, given):
        return decode_answer(request, json.loads(encode_answer(given)))

    assert back(REQUESTS["predict"], answer) == answer
    assert back(REQUESTS["train"], ended) == ended


def test_what_is_refused_is_raised_where_it_was_asked():
    problem = Problem(what=say("No."), expected=say("Yes."), mend=say("Ask again."))

    with pytest.raises(UserError) as error:
        decode_answer(Ping(), json.loads(encode_refusal(problem)))

    assert error.value.problem == problem


@pytest.mark.parametrize(
    ("row", "known", "told"),
    [
        ({"trian": {}}, KNOWN, "There is no request to this engine called 'trian'."),
        ({"trian": {}}, KNOWN, "Did you mean 'train'?"),
        ({"train": {"run_id": "r"}}, {Ping, Predict}, "Known are: ping, predict."),
        ({"ping": {}, "train": {}}, KNOWN, "called 'ping, train'"),
        ({}, KNOWN, "called ''"),
        ({"ping": {"loud": True}}, KNOWN, "'Ping' came with other fields: loud."),
        ({"train": {}}, KNOWN, "'TrainRun' came with other fields: run_id."),
        (
            {"train": {"run_id": "r", "a": 1}},
            KNOWN,
            "Its fields are: run_id, halved, given_up, attempt.",
        ),
    ],
)
def test_an_unknown_verb_and_a_field_too_much_or_too_few_are_named(row, known, told):
    assert told in refused(row, known)


def test_a_field_too_much_is_named_in_a_record_within_a_record_and_in_an_answer():
    row = sent(PrepareRun(config=CONFIG))
    row["prepare"]["config"]["colour"] = "red"

    assert "'TrainConfig' came with other fields: colour." in refused(row)
    with pytest.raises(UserError, match="'Ready' came with other fields: steady"):
        decode_answer(Ping(), {"answer": {"ready": True, "steady": True}})


def test_a_config_that_is_not_valid_is_refused_in_its_own_words():
    row = sent(PrepareRun(config=CONFIG))
    row["prepare"]["config"]["pooling"] = "flaten"

    assert "Did you mean 'flatten'?" in refused(row)


def test_an_answer_that_is_no_number_is_explained():
    score = Score(label="cat", probability=float("nan"))
    said = Predictions(predictions=(replace(Prediction(file="a"), scores=(score,)),))

    with pytest.raises(UserError, match="no number"):
        encode_answer(said)


def test_the_verbs_name_what_the_types_say():
    assert list(VERBS) == list(REQUESTS) == [verb.name for verb in VERBS.values()]
    assert all(isinstance(REQUESTS[name], verb.request) for name, verb in VERBS.items())
    assert VERBS["ping"].answer is VERBS["prepare"].answer is Ready
