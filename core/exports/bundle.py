"""Take a model away: the ``.keras`` file alone, or with its labels, its card and a script."""

import json
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from core import files
from core.errors import UserError
from core.exports import script
from core.exports.formats import EXPORT_FORMATS
from core.judging import shares
from core.models.catalog import CLASSIFIERS
from core.records import Export, JudgedOn, ModelCard, Phase, RunScore
from core.records.choices import choose
from core.run_results import headline
from core.runs import inference
from core.words import say
from core.workspace import RunFolder, Workspace

DOWNLOAD = "keras-zip"  # the format for everybody


def export(ws: Workspace, run_id: str, *, format: str, out: Path) -> Export:
    """Write a finished run's model to ``out``, whole or not at all.

    Raises `UserError` for an unknown format, a run without a model or with one that stays here,
    or a place that cannot be written.
    """
    choose(EXPORT_FORMATS, format, say("export format"))
    check_exported(ws, run_id)
    return _place(format, out, lambda part: WRITERS[format](ws.run(run_id), part))


def copy(made: Export, out: Path) -> Export:
    """Write an export that was made and tried to ``out``, whole or not at all.

    Raises `UserError` where it cannot be written.
    """
    done = _place(made.format, out, lambda part: shutil.copyfile(made.path, part))
    return replace(done, parity=made.parity)


def check_place(out: Path) -> None:
    """Refuse a place where no file can be written. Raises `UserError`."""
    if not out.parent.is_dir() or out.is_dir():
        raise UserError(
            say("'{path}' cannot be written as a file.", path=str(out)),
            expected=say("A file name in a folder that exists."),
            mend=say("Make the folder first, or choose another name."),
        )


def _place(format: str, out: Path, write: Callable[[Path], object]) -> Export:
    check_place(out)
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        write(part)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return Export(
        format=format, path=str(out), num_bytes=out.stat().st_size, sha256=files.sha256(out)
    )


def why_not(card: ModelCard) -> UserError | None:
    """Say why a model is not taken away; None: it may be."""
    entry = CLASSIFIERS[card.config.classifier]
    if entry.is_exported:
        return None
    return UserError(
        say("A model of the classifier '{name}' cannot be exported.", name=entry.name),
        expected=say("It holds the features of every training image, and works inside Thaw only."),
        mend=say("Train with the classifier 'linear' or 'class-mean' to take a model away."),
    )


def check_exported(ws: Workspace, run_id: str) -> None:
    """Refuse a run without a model, or with one that stays here. Raises `UserError`."""
    inference.check_finished(ws, run_id)
    if refused := why_not(files.read_record(ws.run(run_id).card, ModelCard)):
        raise refused


def bundle(ws: Workspace, run_id: str, format: str = DOWNLOAD) -> Path:
    """Give the export of a finished run, made on first use and kept in the run folder."""
    suffix = choose(EXPORT_FORMATS, format, say("export format")).suffix
    path = ws.run(run_id).exports / f"thaw-{run_id}{suffix}"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        export(ws, run_id, format=format, out=path)
    return path


def _write_keras(folder: RunFolder, out: Path) -> None:
    shutil.copyfile(folder.model, out)


def _write_bundle(folder: RunFolder, out: Path) -> None:
    card = files.read_record(folder.card, ModelCard)
    with zipfile.ZipFile(out, "w") as archive:  # stored: weights do not compress
        archive.write(folder.model, "model.keras")
        archive.writestr("labels.txt", "".join(f"{label}\n" for label in card.labels))
        archive.writestr("model.json", json.dumps(asdict(card), indent=2, ensure_ascii=False))
        archive.writestr("README.md", card_text(card, headline.of(folder, card)))
        archive.writestr("predict.py", script.text())
        if folder.unknown.exists():
            archive.write(folder.unknown, "unknown.npz")


WRITERS: Mapping[str, Callable[[RunFolder, Path], None]] = {  # of each entry in EXPORT_FORMATS
    "keras": _write_keras,
    "keras-zip": _write_bundle,
}


def card_text(card: ModelCard, score: RunScore | None) -> str:
    """Give the model card as Markdown (Mitchell et al. 2019, the parts that Thaw can know).

    ``score``: what the run leads with.
    """
    classes = "\n".join(f"- {label}" for label in card.labels)
    return CARD.format(
        name=card.dataset_name,
        backbone=card.config.backbone,
        freeze=card.config.freeze if card.kept_phase == Phase.FINE_TUNE else "all",
        size=card.config.image_size,
        score=_score(score),
        train=card.num_train,
        fingerprint=card.dataset_fingerprint,
        weights=card.weights_file or "random",
        versions=", ".join(f"{library} {version}" for library, version in card.versions),
        classes=classes,
        picked=_picked(card),
        bands=BANDS_TEXT if card.bands == "first" else "",
    )


def _score(score: RunScore | None) -> str:
    if score is None:
        return "| validation accuracy | none: the model learned from the validation images too |\n"
    found = score.accuracy
    return SCORE.format(
        title=SCORE_TITLES[score.judged_on],
        accuracy=shares.percent(found.accuracy),
        low=shares.percent(found.low),
        high=shares.percent(found.high),
        images=found.images,
        majority=shares.percent(found.majority),
    )


def _picked(card: ModelCard) -> str:
    """Say what was chosen by the validation images; an early end makes no score too high."""
    if card.validation is None:
        return "Images that took no part in training can tell how good it is."
    chosen = " and ".join(text for name, text in PICKED_TEXTS.items() if name in card.picked)
    if not chosen:
        return "Nothing was chosen by the validation images."
    told = f"The validation images were used for choosing {chosen}"
    if "epoch" in card.picked:
        return f"{told}, so the accuracy on new images may be lower."
    if "phase" in card.picked:
        return f"{told}; the interval allows for that."
    return f"{told}, which makes the accuracy no higher: the last epoch is kept."


PICKED_TEXTS: Mapping[str, str] = {
    "epoch": "the best epoch",
    "phase": "between fine-tuning and the head alone",
    "end": "when training ended",
}
BANDS_TEXT = "| pictures of many bands | the first three are taken as red, green and blue |\n"
SCORE_TITLES: Mapping[JudgedOn, str] = {
    JudgedOn.FOLDS: "accuracy by five folds of all but the test images",
    JudgedOn.VALIDATION: "validation accuracy",
    JudgedOn.TEST: "test accuracy",
}
SCORE = """\
| {title} | {accuracy} (95% interval {low} to {high}, {images} images) |
| always naming the largest class | {majority} |
"""
CARD = """\
# Model card: {name}

An image classifier made with Thaw by transfer learning.

| | |
|---|---|
| backbone | {backbone}, frozen up to: {freeze} |
| pretrained weights | {weights} |
| input | {size} x {size} RGB pixels, 0 to 255; the preprocessing is inside the model |
| output | one probability per class, in the order of `labels.txt` |
| trained on | {train} images (data set fingerprint `{fingerprint}`) |
{score}{bands}| made with | {versions} |

{picked} The model names one of its classes for any picture, also for one that shows none of them.

## Classes

{classes}
"""
