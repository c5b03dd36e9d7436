"""The one dial: quick, balanced or thorough; or a run that is cloned with one change."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from core.models import catalog, presets, solving
from core.models.catalog import CLASSIFIERS, Backbone
from core.records import Dataset, Run, TrainConfig
from core.records.choices import CLASSIFICATION
from core.records.training import PRESETS
from core.words import mark
from pages._shared.widgets import go, md, t

TITLES: Mapping[str, str] = {
    "quick": mark("Quick"),
    "balanced": mark("Balanced"),
    "thorough": mark("Thorough"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Where the dial stands: it gives a complete config, around whatever else was chosen."""

    dataset_id: str
    version: int  # of the data set: the newest, with what was tidied up
    left_out: tuple[str, ...]
    preset: str
    origin: str  # tells one clone from another, also of the same run; of none: nothing
    cloned: TrainConfig | None
    task: str = CLASSIFICATION
    num_train: int = 0  # images that will be learned from
    side: int | None = None  # of these images, in pixels

    @property
    def scope(self) -> str:
        """Tell the choices of one dial position from those of another."""
        return f"{self.origin or self.preset}@{self.dataset_id}"

    def config(self, **chosen: Any) -> TrainConfig:
        """Give the complete config of this position with the chosen values in it."""
        about = {"dataset_version": self.version, "left_out": self.left_out, "task": self.task}
        given = {**about, **self._cloned(chosen), **chosen}
        return presets.configure(
            self.dataset_id,
            preset=self.preset,
            num_train=self.num_train,
            side=self.side,
            **given,
        )

    def _cloned(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Give what a clone takes over; what another choice makes impossible is the preset's."""
        if self.cloned is None:
            return {}
        taken = asdict(self.cloned) | {"cloned_from": self.origin.partition("#")[0]}
        taken |= {"train_on": "train", "refit_of": ""}  # what is changed is judged
        if not self.cloned.thaws:  # as it was trained, whatever depth was named
            taken |= {"freeze": "all", "fine_tune_epochs": 0}
        dropped = {"dataset_id", "dataset_version", "left_out", "preset", "task"}
        if chosen.get("backbone") not in (None, self.cloned.backbone):
            dropped |= self._unlike(catalog.backbone(chosen["backbone"]))
        if "freeze" in chosen and (chosen["freeze"] != "all") != self.cloned.thaws:
            dropped |= {"fine_tune_epochs", "fine_tune_learning_rate", "layer_decay"}
        if CLASSIFIERS[chosen.get("classifier", "linear")].fits and not self.cloned.is_fitted:
            dropped |= {"freeze", "fine_tune_epochs", "pooling", "hidden_units", "output"}
        if {"classifier", "optimizer"} & {*chosen}:  # the new one may not learn in steps
            dropped |= {"teacher"}
        if self.cloned.augmentation == "none":
            dropped |= {"num_views"}
        if chosen.get("hidden_units") and not self.cloned.hidden_units:
            dropped |= {"optimizer"} if solving.solves(self.cloned) else set()
        return {name: value for name, value in taken.items() if name not in dropped}

    def _unlike(self, other: Backbone) -> set[str]:
        """Name what cannot be the same with another backbone: its blocks, a size too small."""
        assert self.cloned is not None
        block = self.cloned.thaws and self.cloned.freeze != "none"
        small = self.cloned.image_size < other.smallest_size
        return ({"freeze"} if block else set()) | ({"image_size"} if small else set())


def begin_clone(run_id: str) -> None:
    """Let the clone that is made next start from the settings of its run, not of an earlier one."""
    key = f"clones@{run_id}"
    st.session_state[key] = st.session_state.get(key, 0) + 1


def origin(run: Run | None) -> str:
    """Tell the choices made for a clone from those for another one of the same run."""
    return f"{run.id}#{st.session_state.get(f'clones@{run.id}', 0)}" if run else ""


Pick = Callable[[Mapping[str, Dial]], str]  # draws what each position is and gives the chosen one


def choose(
    dataset: Dataset,
    left_out: tuple[str, ...],
    run: Run | None,
    num_train: int,
    side: int | None,
    pick: Pick,
) -> Dial:
    """Let a position be picked, or say which run is cloned."""
    dials = {
        preset: Dial(
            dataset_id=dataset.id,
            version=dataset.version,
            left_out=left_out,
            preset=preset,
            origin=origin(run),
            task=dataset.task.name,
            cloned=run.config if run else None,
            num_train=num_train,
            side=side,
        )
        for preset in PRESETS
    }
    if run is None:
        return dials[pick(dials)]
    _say_cloned(run, dataset)
    if st.button(t("Start afresh instead"), type="tertiary", key="afresh"):
        go("train.py", dataset=dataset.id)
    return dials[run.config.preset]


def _say_cloned(run: Run, dataset: Dataset) -> None:
    """Say which run is cloned, and what cannot be the same in its clone."""
    cloned = run.config
    st.caption(
        t("Cloned from the run {run}: every setting is the same until you change it below.",
          run=md(run.name or run.id))
    )  # fmt: skip
    if cloned.dataset_version != dataset.version:
        st.caption(
            ":material/info: "
            + t("That run learned from version {old} of the data set, its clone learns from "
                "version {new}: their scores will not compare.",
                old=cloned.dataset_version, new=dataset.version)
        )  # fmt: skip
    if cloned.freeze != "all" and not cloned.thaws:
        st.caption(
            ":material/info: "
            + t("That run named blocks that are not frozen, but no epochs for them: nothing "
                "was thawed. Its clone starts with every block frozen.")
        )  # fmt: skip
