"""The training pictures that a model finds most alike to one: they hint at what misled it."""

from pathlib import Path

import streamlit as st

from core import datasets
from core.records import Run, Split
from core.run_folder import RunFolder
from core.run_results import pooled
from core.run_results.pooled import PooledFeatures
from core.workspace import Workspace
from pages._curation.editing import tile
from pages._runs.judged.mistakes.seen import Seen
from pages._shared.listings import listing
from pages._shared.widgets import t
from pages.components.gallery import gallery

SIZE = 90  # pixels


def draw(ws: Workspace, run: Run, seen: Seen) -> None:
    """Draw them, where the run left features of its pictures, the nearest first."""
    content, folder = seen.image.content, ws.run(run.id)
    found = _of(folder, test=False)
    asked = _of(folder, test=True) if seen.image.split is Split.TEST else found
    if found is None or asked is None or content not in asked.contents:
        return
    row = asked.features[asked.contents.index(content)]
    learned = datasets.get(ws, run.config.dataset_id, run.config.dataset_version)
    known = {image.content: image for image in listing(ws, learned)}
    [alike] = pooled.similar(found.of(Split.TRAIN), row[None], number=pooled.NEAREST + 1)
    nearest = [known[one] for one, _ in alike if one in known and one != content]
    if nearest:
        st.caption(t("The training images that the model finds most like it:"))
        gallery(
            [tile(learned, image) for image in nearest[: pooled.NEAREST]],
            key=f"nearest-{content}",
            label=t("The training images that the model finds most like it"),
            size=SIZE,
        )


def _of(folder: RunFolder, *, test: bool) -> PooledFeatures | None:
    path = pooled.file_of(folder, test=test)
    return _read(folder.path, test, path.stat().st_mtime) if path.exists() else None


@st.cache_resource(max_entries=4, show_spinner=False)
def _read(folder: Path, test: bool, written: float) -> PooledFeatures | None:
    """Read features; ``written`` makes it look again where they were written anew."""
    return pooled.read(RunFolder(folder), test=test)
