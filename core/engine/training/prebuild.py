"""What can be done before Start: the frozen network of the run that is being chosen."""

from dataclasses import replace

from core.engine.device import Device, has_gpu
from core.engine.features import feature_cache
from core.engine.features.cache_folder import Cache
from core.engine.training import setup, training_data
from core.engine.training.progress import Silent
from core.models import catalog, weights
from core.records import Phase, TrainConfig
from core.workspace import Workspace

MOST_PARAMETERS = 30_000_000  # a larger one would take memory that nobody has asked for yet


def build(ws: Workspace, config: TrainConfig, device: Device) -> bool:
    """Build, convert and compile the backbone of a run that may come, and tell whether it is ready.

    The run finds it all in this process and in the cache, and answers to the bit as without it.
    Left alone are backbones without weights on this machine, large ones, and GPUs, where this was
    not measured. Raises `UserError` where the run itself would be refused.
    """
    backbone = catalog.backbone(config.backbone)
    pretrained = config.weights != "none" and weights.on_disk(backbone, config.image_size)
    if not pretrained or backbone.parameters > MOST_PARAMETERS or has_gpu():
        return False
    data = training_data.read(ws, config)
    frozen = replace(config, freeze="all")  # the head learns on the whole backbone in any case
    ready = setup.prepare(ws, frozen, data, device=device, report=Silent())
    prefix = setup.prefix_of(ready, Phase.HEAD)
    return prefix is not None and feature_cache.open_ahead(
        data.train.images, prefix, views=ready.views, cache=Cache.at(ready.cache)
    )
