"""ZIPs of a run, whole and hostile: the files and the list written by whoever wants harm."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from core.backups.manifest import MANIFEST
from core.workspace import Workspace
from tests.builders import make_dataset, make_run, write_features, write_folds
from tests.core.backbones import model_files
from tests.core.backbones.hostile import HOSTILE

Parts = dict[str, bytes]  # by the name within the run
RUN = "20260101-000000-000aaaa"


def finished(ws: Workspace) -> str:
    """Make a run that has all that judges one, and a model that can be looked through."""
    make_dataset(ws)
    run_id = make_run(ws)
    model_files.write(ws.run(run_id).model)
    write_features(ws, run_id)
    write_folds(ws, run_id)
    return run_id


def parts_of(path: Path) -> Parts:
    """Give the files of the ZIP of a run."""
    with zipfile.ZipFile(path) as archive:
        names = (name for name in archive.namelist() if name != MANIFEST)
        return {name.split("/")[-1]: archive.read(name) for name in names}


def write(path: Path, parts: Mapping[str, bytes], run: Any = RUN, **more: Any) -> Path:
    """Pack files with a list that fits them, as one who knows how it is made would."""
    named = {name if "//" in name else f"runs/{run}/{name}": d for name, d in parts.items()}
    named = {name.replace("//", "/"): data for name, data in named.items()}
    listed = [
        {"name": name, "size": len(data), "sha256": sha256(data).hexdigest(), "same_as": ""}
        for name, data in named.items()
    ]
    told = {"format": 1, "made_at": 0.0, "files": listed, "folders": [], "run": run, **more}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in named.items():
            archive.writestr(name, data)
        archive.writestr(MANIFEST, json.dumps(told))
    return path


def changed(name: str, **values: Any) -> Callable[[Parts], None]:
    """Change fields of a record, or leave them out."""

    def change(parts: Parts) -> None:
        row = json.loads(parts[name])
        for key, value in values.items():
            if value == "MISSING":
                row.pop(key)
            else:
                row[key] = value
        parts[name] = json.dumps(row).encode()

    return change


def config(**values: Any) -> Callable[[Parts], None]:
    """Change what was trained, in the configuration and in the card, so that they fit."""

    def change(parts: Parts) -> None:
        changed("config.json", **values)(parts)
        changed("model.json", config=json.loads(parts["config.json"]))(parts)

    return change


def put(name: str, data: bytes) -> Callable[[Parts], None]:
    return lambda parts: parts.update({name: data})


def without(name: str) -> Callable[[Parts], None]:
    return lambda parts: parts.pop(name) and None


def arrays(name: str, **values: Any) -> Callable[[Parts], None]:
    """Change arrays of a file; those that are objects are pickled."""

    def change(parts: Parts) -> None:
        with np.load(io.BytesIO(parts[name]), allow_pickle=False) as found:
            kept = dict(found)
        out = io.BytesIO()
        np.savez(out, **{**kept, **values})
        parts[name] = out.getvalue()

    return change


def model(name: str) -> Callable[[Parts], None]:
    """Put one of the hostile model files in the place of the model."""

    def change(parts: Parts, folder: Path) -> None:
        HOSTILE[name][0](folder / "hostile.keras")
        parts["model.keras"] = (folder / "hostile.keras").read_bytes()

    return change  # type: ignore[return-value]


def swollen(parts: Parts) -> None:
    """Have zeros that take 256 MB once they are unpacked."""
    out = io.BytesIO()
    head = {"descr": "<f4", "fortran_order": False, "shape": (2**26,)}
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("features.npy", "w", force_zip64=True) as file,
    ):
        np.lib.format.write_array_header_1_0(file, head)
        for _ in range(2**8):
            file.write(bytes(2**20))
    parts["features.npz"] = out.getvalue()


def overstated(parts: Parts) -> None:
    """Have a head that says more numbers than there are."""
    out, file = io.BytesIO(), io.BytesIO()
    head = {"descr": "<f4", "fortran_order": False, "shape": (2**40,)}
    np.lib.format.write_array_header_1_0(file, head)
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("features.npy", file.getvalue())
    parts["features.npz"] = out.getvalue()


class Mine:
    """What a pickle would make."""

    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("run",)


PICKLE = pickle.dumps(Mine())
OBJECTS = np.array([Mine()], object)
DEEP = b"[" * 100_000 + b"]" * 100_000
# What is done to the files, and a part of what is said of it.
WRONG: Mapping[str, tuple[Callable[..., None], str]] = {
    "path up": (put("x//../../../evil", b""), "does not belong into one"),
    "path from the root": (put("//etc/evil", b""), "does not belong into one"),
    "another run": (put("runs//other/config.json", b"{}"), "does not belong into one"),
    "another room": (put("datasets//d/dataset.json", b"{}"), "does not belong into one"),
    "an export": (put("exports/onnx/thaw.onnx", b"x"), "does not belong into one"),
    "a checkpoint": (put("checkpoints/1.npz", b"x"), "does not belong into one"),
    "a pickle": (put("model.pkl", PICKLE), "does not belong into one"),
    "sentences": (put("log.jsonl", b"{}\n"), "does not belong into one"),
    "a lock": (put("lock", b""), "does not belong into one"),
    "no model": (without("model.keras"), "'model.keras' is missing"),
    "no card": (without("model.json"), "'model.json' is missing"),
    "no configuration": (without("config.json"), "'config.json' is missing"),
    "no state": (without("state.json"), "'state.json' is missing"),
    "a long name": (put("name.txt", b"x" * 20_000), "'name.txt' is too large"),
    "no JSON": (put("config.json", b"{"), "'config.json' is no JSON text"),
    "no UTF-8": (put("config.json", b"\xff"), "'config.json' is no JSON text"),
    "deep JSON": (put("test.json", DEEP), "'test.json' is no JSON text"),
    "a list": (put("test.json", b"[]"), "'test.json' does not say what it should"),
    "not a number": (put("test.json", b'{"openings": NaN}'), "'test.json' is no JSON text"),
    "text for a number": (
        changed("model.json", num_train="many"),
        "'model.json' does not say what it should",
    ),
    "a list for a text": (
        changed("model.json", dataset_name=["x"]),
        "'model.json' does not say what it should",
    ),
    "a number for a class": (
        changed("model.json", labels=[1, 2]),
        "'model.json' does not say what it should",
    ),
    "a long text": (
        changed("model.json", dataset_name="x" * 5_000),
        "'model.json' does not say what it should",
    ),
    "signs that steer a terminal": (
        changed("model.json", device="\x1b[31m"),
        "'model.json' does not say what it should",
    ),
    "a huge number": (
        changed("model.json", num_train=10**30),
        "'model.json' does not say what it should",
    ),
    "a field too few": (
        changed("model.json", labels="MISSING"),
        "'model.json' does not say what it should",
    ),
    "settings that cannot be": (
        config(epochs=10**9),
        "'config.json' does not say what it should",
    ),
    "a data set that is a path": (
        config(dataset_id="../../other/datasets/d"),
        "what it learned from",
    ),
    "a part of a study": (config(study="20260101-000000-s"), "what it learned from"),
    "judged apart": (config(protocol="folds"), "what it learned from"),
    "a backbone that is a path": (config(backbone="../x"), "what it learned from"),
    "the card of another": (changed("config.json", seed=99), "its card is that of another run"),
    "one class": (changed("model.json", labels=["a"]), "its card is that of another run"),
    "one name twice": (changed("model.json", labels=["a", "a"]), "have one name"),
    "a run that waits": (changed("state.json", state="queued"), "it has not ended"),
    "a run that trains": (changed("state.json", state="running"), "it has not ended"),
    "odd lines": (put("metrics.jsonl", b'{"x": 1}\n'), "'metrics.jsonl' does not say"),
    "pickled arrays": (arrays("features.npz", features=OBJECTS), "numbers in 'features.npz'"),
    "arrays that are a pickle": (put("features.npz", PICKLE), "numbers in 'features.npz'"),
    "arrays that swell": (swollen, "numbers in 'features.npz'"),
    "arrays that say more": (overstated, "numbers in 'features.npz'"),
    "more images than answers": (
        arrays("predictions.npz", logits=np.zeros((1, 2), np.float32)),
        "numbers in 'predictions.npz'",
    ),
    "answers that are none": (
        arrays("predictions.npz", temperature=np.array(np.nan)),
        "numbers in 'predictions.npz'",
    ),
    "a class that there is not": (
        lambda parts: arrays("predictions.npz", labels=np.full(_images(parts), 7, np.int32))(parts),
        "numbers in 'predictions.npz'",
    ),
    "images that are paths": (
        lambda parts: arrays("predictions.npz", contents=np.full(_images(parts), "../x"))(parts),
        "numbers in 'predictions.npz'",
    ),
    "no model file": (put("model.keras", PICKLE), "This is no Keras model file"),
    **{f"model: {name}": (model(name), reason) for name, (_, reason) in list(HOSTILE.items())[::9]},
}


def _images(parts: Parts) -> int:
    with np.load(io.BytesIO(parts["predictions.npz"]), allow_pickle=False) as found:
        return len(found["contents"])
