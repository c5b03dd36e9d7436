"""The code of runs on all ten classes of satellite tiles comes to the models of the runs."""

from dataclasses import replace

import pytest

from tests.engine import coded
from tests.engine.coded import TILES, Make
from tests.engine.test_code import SEEDS, SOLVED, TUNED

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.skipif(not TILES.exists(), reason="there are no tiles"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras
]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Train a run on thirty tiles of each class, write its code and execute that on them."""
    labels = sorted(path.name for path in TILES.iterdir())
    return coded.maker(tmp_path_factory.mktemp("tiles"), labels)


def test_solved_heads_come_out_as_in_the_runs(make: Make):
    for seed in SEEDS:
        made = make(replace(SOLVED, seed=seed))
        print(f"seed {seed}: {made.loss_of_run:.4f}, {made.loss:.4f}, {made.agreement:.3f} alike")

        assert made.loss == pytest.approx(made.loss_of_run, abs=0.01)
        assert made.agreement >= 0.99


def test_fine_tuning_comes_out_as_in_the_runs(make: Make):
    made = [make(replace(TUNED, num_views=1, seed=seed)) for seed in SEEDS]
    print([(round(one.loss_of_run, 4), round(one.loss, 4)) for one in made])

    assert coded.is_chance(made)
