"""Head only: all is frozen, ten epochs, with an empty and with a filled cache, beside the guide."""

import shutil
from statistics import mean

from benchmarks import guide
from benchmarks.bench import Bench, table
from benchmarks.ours import WarmEngine


def measure(bench: Bench) -> None:
    """Print seconds, ratios and accuracies over the seeds."""
    theirs = [
        guide.run(bench.photographs, bench.weights, size=bench.size, epochs=bench.epochs, seed=s)
        for s in bench.seeds
    ]
    cold, warm = [], []
    for seed in bench.seeds:
        shutil.rmtree(bench.ws.cache, ignore_errors=True)
        engine = WarmEngine(bench.ws)
        cold.append(engine.train(bench.config(seed=seed)))
        warm.append(engine.train(bench.config(seed=seed)))
        engine.close()
    seconds = mean(t.seconds for t in theirs)
    rows = [("the Keras guide's recipe", seconds, "", mean(t.accuracy for t in theirs))]
    for name, results in (("Thaw, empty cache", cold), ("Thaw, filled cache", warm)):
        took = mean(r.seconds for r in results)
        rows.append((name, took, f"x{seconds / took:.1f}", mean(r.accuracy for r in results)))
    table(
        (f"head only, {bench.epochs} epochs", "seconds", "faster", "accuracy"),
        *((name, f"{took:.1f}", times, f"{right:.3f}") for name, took, times, right in rows),
    )
    print(f"seconds to the first metric with a filled cache: {warm[0].first_metric:.1f}")
    print(f"seconds to start the engine, not counted above: {engine.start_seconds:.1f}")
