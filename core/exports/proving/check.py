"""Try an exported model: the program of the gate, run by the Python that has its runtime alone.

`python -I check.py FOLDER [alone]`: ``alone``, neither TensorFlow nor Keras may be there. It reads
``pixels.npy`` and ``files.json`` and writes ``answers.npz`` and ``answers.csv``.
"""

import importlib.util
import json
import runpy
import sys
import time
from pathlib import Path

import numpy as np

TIMED = 50  # images


def main(folder: Path, *, alone: bool) -> None:
    """Answer the same pixels, one image at a time, and the same files by the script itself.

    Raises `SystemExit` where it should be alone and is not.
    """
    found = [name for name in ("tensorflow", "keras") if importlib.util.find_spec(name)]
    if alone and found:
        raise SystemExit(f"{found[0]} is installed beside this runtime")
    script = runpy.run_path(str(folder / "predict.py"))
    model = script["opened_model"](folder, threads=1)
    images, answers, seconds = np.load(folder / "pixels.npy"), [], []
    for image in [images[0], *images]:  # the first answer, which is slow, is given twice
        began = time.perf_counter()
        given = model(image[None].astype(np.float32))
        answers.append(next(given[name][0] for name in given if name != "features"))
        seconds.append(time.perf_counter() - began)
    kept = {next(name for name in given if name != "features"): np.stack(answers[1:])}
    milliseconds = 1000 * np.median(seconds[1 : TIMED + 1])
    kept["milliseconds"] = np.array(milliseconds)
    np.savez(folder / "answers.npz", **kept)  # type: ignore[arg-type]
    paths = json.loads((folder / "files.json").read_text("utf-8"))
    script["main"]([*paths, "--csv", str(folder / "answers.csv")])


if __name__ == "__main__":
    main(Path(sys.argv[1]), alone="alone" in sys.argv[2:])
