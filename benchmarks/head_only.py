"""Head only: all is frozen, ten epochs, with an empty and with a filled cache, beside the guide."""

import shutil
from collections.abc import Sequence
from statistics import mean

from benchmarks import guide
from benchmarks.bench import Bench, table
from benchmarks.guide import Timed
from benchmarks.ours import Result, WarmEngine


def measure(bench: Bench) -> None:
    """Print seconds, ratios and accuracies over the seeds."""
    theirs = [
        guide.run(bench.photographs, bench.weights, size=bench.size, epochs=bench.epochs, seed=s)
        for s in bench.seeds
    ]
    ready, preparing = _from_the_page(bench)
    cold, warm = [], []
    engine = WarmEngine(bench.ws)
    for seed in bench.seeds:
        shutil.rmtree(bench.ws.cache, ignore_errors=True)
        cold.append(engine.train(bench.config(seed=seed)))
        warm.append(engine.train(bench.config(seed=seed)))
    engine.close()
    table(
        (
            f"head only, {bench.epochs} epochs",
            *("seconds", "faster", "of processors", "", "accuracy"),
        ),
        *(
            _row(name, results, theirs)
            for name, results in (
                ("the Keras guide's recipe", theirs),
                ("Thaw, empty cache, from the page", ready),
                ("Thaw, empty cache, without it", cold),
                ("Thaw, filled cache", warm),
            )
        ),
    )
    print(
        "seconds with an empty cache in a process that had trained nothing: "
        f"{ready[0].seconds:.1f} from the page, {cold[0].seconds:.1f} without it"
    )
    print(f"seconds that the page had the network made ready for before: {preparing:.1f}")
    print(f"seconds to the first metric with a filled cache: {warm[0].first_metric:.1f}")
    print(f"seconds to start the engine, not counted above: {engine.start_seconds:.1f}")


def _from_the_page(bench: Bench) -> tuple[list[Result], float]:
    """Run as after a look at the Train page, which has the network of the choice made ready.

    Gives also the longest time that took. No feature is computed by then.
    """
    engine, results, preparing = WarmEngine(bench.ws), [], []
    for seed in bench.seeds:
        shutil.rmtree(bench.ws.cache, ignore_errors=True)
        preparing.append(engine.prepare(bench.config(seed=seed)))
        results.append(engine.train(bench.config(seed=seed)))
    engine.close()
    return results, max(preparing)


def _row(name: str, results: Sequence[Timed | Result], theirs: Sequence[Timed]) -> tuple[str, ...]:
    """Set results beside the guide's: by the clock, and by the work of the processors."""
    took, worked = mean(r.seconds for r in results), mean(r.processor_seconds for r in results)
    return (
        name,
        f"{took:.1f}",
        f"x{mean(t.seconds for t in theirs) / took:.1f}",
        f"{worked:.1f}",
        f"x{mean(t.processor_seconds for t in theirs) / worked:.1f}",
        f"{mean(r.accuracy for r in results):.3f}",
    )
