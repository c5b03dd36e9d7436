"""A model shown what is none of its classes."""

from dataclasses import replace

import pytest

from core import datasets
from core.engine.prediction.compiled import Predictor
from core.engine.serving import junk as serving
from core.engine.serving.server import Server
from core.errors import UserError
from core.judging.statistics import wilson
from core.records.requests import Predict, ShowJunk
from core.run_results import junk, pooled, prototypes
from core.workspace import Workspace
from tests import builders
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: each of its conversions of a variable says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def test_predictions_and_junk_are_measured_by_the_rule_of_the_run(ws: Workspace):
    run_id, _ = jobs.run(
        ws, replace(jobs.TINY, optimizer="solve", freeze="all", fine_tune_epochs=0)
    )
    other = builders.make_dataset(ws, classes=("cat", "dog"), name="pets")
    builders.make_dataset(ws, classes=("red", "blue"), name="paints")  # one class is known
    folder, server = ws.run(run_id), Server(ws)
    rule = prototypes.read(folder)
    assert rule is not None
    assert rule.threshold is not None
    assert rule.num_images == 34
    image = next(i for i in datasets.images(ws, "colours-0000") if i.split.value == "train")
    copy = str(datasets.image_path(ws, "colours-0000", image))

    [known] = server.handlers[Predict](Predict(run_id=run_id, files=(copy,))).predictions
    prototypes.write(folder, replace(rule, threshold=1.1))  # above any cosine
    [refused] = server.handlers[Predict](Predict(run_id=run_id, files=(copy,))).predictions
    found = server.handlers[ShowJunk](ShowJunk(run_id=run_id))

    vectors = pooled.read(folder)
    assert vectors is not None
    own = vectors.features[[vectors.contents.index(image.content)]]
    assert known.similarity == pytest.approx(rule.prototypes.similarity(own)[0], abs=0.01)
    assert known.unknown == (known.similarity < rule.threshold)
    assert known.similar[0] == image.content
    assert len(known.similar) == 5
    assert (refused.unknown, refused.label) == (True, known.label)
    assert [(one.kind, one.name) for one in found.kinds] == [
        ("noise", ""),
        ("flat", ""),
        ("sample", ""),
        ("dataset", other.name),
    ]
    assert {one.refused / one.images for one in found.kinds} == {1.0}
    assert found.kinds[3].images == 14  # all but the test part
    assert (found.kinds[0].low, found.kinds[0].high) == wilson(100, 100)
    assert junk.read(folder) == found


def test_a_run_that_cannot_tell_says_so(ws: Workspace):
    builders.make_dataset(ws)
    nobody = Predictor(None, 32, 2)  # it is not asked

    with pytest.raises(UserError, match="cannot tell what it does not know"):
        serving.show(ws, builders.make_run(ws), nobody)
