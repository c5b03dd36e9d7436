"""Fields of the Train page: each shows the dial's value until the user changes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.models.setting_texts import SETTINGS
from core.records import TrainConfig
from core.records.choices import Entry
from pages._shared.widgets import t


@dataclass(frozen=True, slots=True)
class Fields:
    """Draws fields that start from a config; ``scope`` keeps their values apart per dial."""

    base: TrainConfig
    scope: str
    hidden: tuple[str, ...] = ()  # what means nothing to the optimizer: not drawn

    def key(self, name: str) -> str:
        """Give the key under which a field keeps its value."""
        return f"{name}@{self.scope}"

    def current(self, name: str) -> Any:
        """Give what a field holds, before it is drawn."""
        return st.session_state.get(self.key(name), getattr(self.base, name))

    def number(self, name: str, sentence: str, *, step: float = 1, disabled: bool = False) -> Any:
        """Draw a number without bounds: the record says what is wrong with it, in a sentence."""
        value = getattr(self.base, name)
        if name in self.hidden:
            return value
        return st.number_input(
            t(SETTINGS[name]),
            value=value,
            step=type(value)(step),
            format="%g" if isinstance(value, float) else None,
            help=sentence,
            disabled=disabled,
            key=self.key(name),
            persist_state="session",
        )

    def entry(self, name: str, registry: Mapping[str, Entry], sentence: str) -> Any:
        """Draw a choice of the entries of a registry, each with what it does."""
        if name in self.hidden:
            return getattr(self.base, name)
        words = {key: entry.title for key, entry in registry.items()}
        return self.one_of(name, list(registry), words, explained(sentence, registry))

    def one_of(
        self, name: str, options: Sequence[str], words: Mapping[str, str], sentence: str
    ) -> Any:
        """Draw a choice of a few."""
        return st.segmented_control(
            t(SETTINGS[name]),
            options,
            default=getattr(self.base, name),
            required=True,
            format_func=_translated(words),
            help=sentence,
            key=self.key(name),
            persist_state="session",
            wrap=True,
        )

    def listed(
        self, name: str, options: Sequence[str], say: Callable[[str], str], sentence: str
    ) -> Any:
        """Draw a choice of many."""
        return st.selectbox(
            t(SETTINGS[name]),
            options,
            index=list(options).index(getattr(self.base, name)),
            format_func=say,
            help=sentence,
            key=self.key(name),
            persist_state="session",
        )

    def switch(self, name: str, sentence: str) -> bool:
        """Draw a yes or no."""
        if name in self.hidden:
            return bool(getattr(self.base, name))
        return st.toggle(
            t(SETTINGS[name]),
            value=getattr(self.base, name),
            help=sentence,
            key=self.key(name),
            persist_state="session",
        )


def explained(sentence: str, registry: Mapping[str, Entry]) -> str:
    """Say below a sentence what each entry does."""
    lines = (
        "- " + t("{name}: {sentence}", name=f"**{t(entry.title)}**", sentence=t(entry.sentence))
        for entry in registry.values()
    )
    return "\n".join((f"{sentence}\n", *lines))


def _translated(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda name: t(words[name])
