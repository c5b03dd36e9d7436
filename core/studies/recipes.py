"""Configurations of the runs of a study: what is compared differs, all else is alike.

Nothing may be chosen by the images that judge, so no phase ends early and no rate falls for them.
"""

from dataclasses import replace

from core.models import solving, tuning
from core.models.catalog import SCHEDULES
from core.models.presets import PRESETS
from core.records import TrainConfig

STEADY = "cosine"  # in place of a schedule that looks at validation


def judged(base: TrainConfig, *, protocol: str = "fold") -> TrainConfig:
    """Give a configuration as a study trains it, judged fold by fold: a head that can be tuned."""
    falls = SCHEDULES[base.schedule].falls_when_stuck
    return replace(
        base,
        patience=0,
        schedule=STEADY if falls else base.schedule,
        train_on="train",
        refit_of="",
        cloned_from="",
        protocol=protocol,
        fold=0,
        classifier=TrainConfig(dataset_id="").classifier,
        teacher="",  # it may know images of the fold that judges
    )


def at_depth(base: TrainConfig, freeze: str, num_train: int) -> TrainConfig:
    """Give the configuration at a freezing depth; what fine-tunes is set up as the dial would."""
    config = judged(base)
    if freeze == "all":
        return replace(config, freeze="all", fine_tune_epochs=0)
    if base.thaws:
        return replace(config, freeze=freeze)
    given = {"batch_size": base.batch_size, "weights": base.weights}
    start = PRESETS[base.preset]
    epochs = tuning.at_least(start.fine_tune_epochs, tuning.STEPS, given, num_train)
    rates = tuning.rates(freeze, given)
    return replace(
        config,
        freeze=freeze,
        fine_tune_epochs=min(tuning.MOST_EPOCHS, epochs),
        **rates,  # type: ignore[arg-type]
    )


def head_alone(base: TrainConfig, *, protocol: str = "folds") -> TrainConfig:
    """Give the configuration of a solved head on what is frozen, judged by each fold in turn."""
    return replace(
        judged(base, protocol=protocol),
        freeze="all",
        fine_tune_epochs=0,
        pooling="average",
        hidden_units=0,
        optimizer=solving.SOLVE,
        augmentation="none",
        num_views=1,
    )


def with_most(config: TrainConfig, images: int) -> TrainConfig:
    """Let at most about so many images take part."""
    return replace(config, most_images=images)


def kept(config: TrainConfig, **changes: object) -> TrainConfig:
    """Give the ordinary configuration of what was judged: it trains on the usual parts."""
    usual = TrainConfig(dataset_id=config.dataset_id)
    return replace(
        config,
        protocol=usual.protocol,
        fold=usual.fold,
        most_images=usual.most_images,
        study="",
        **changes,  # type: ignore[arg-type]
    )
