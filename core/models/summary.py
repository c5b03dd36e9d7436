"""What a configuration comes to before anything is trained: what learns, in how many views."""

from core.models import catalog
from core.records import TrainConfig


def num_views(config: TrainConfig) -> int:
    """Count the views kept of each training image, the image itself among them."""
    return 1 if config.augmentation == "none" else 1 + config.num_views


def num_trainable(config: TrainConfig, num_classes: int) -> int:
    """Count the numbers that learn in the last phase; BatchNorm does not."""
    backbone = catalog.backbone(config.backbone)
    thawed = backbone.blocks[num_frozen(config) :]
    return head_parameters(config, num_classes) + sum(block.trainable for block in thawed)


def num_frozen(config: TrainConfig) -> int:
    """Count the blocks that never learn."""
    return catalog.backbone(config.backbone).blocks_up_to(config.freeze if config.thaws else "all")


def share_computed(config: TrainConfig) -> float:
    """Give the share of the backbone's arithmetic that each epoch of fine-tuning needs."""
    backbone = catalog.backbone(config.backbone)
    thawed = backbone.blocks[num_frozen(config) :]
    return sum(block.multiply_adds for block in thawed) / max(1, backbone.multiply_adds)


def num_features(config: TrainConfig) -> int:
    """Count the numbers that the head is given of an image."""
    backbone = catalog.backbone(config.backbone)
    kept = catalog.HEADS[config.pooling].keeps_places
    positions = backbone.side(config.image_size) ** 2 if kept else 1
    return backbone.blocks[-1].output_shape[-1] * positions


def head_parameters(config: TrainConfig, num_classes: int) -> int:
    """Count the numbers of the head that are learned; images that are remembered are none."""
    if not catalog.CLASSIFIERS[config.classifier].is_linear:
        return 0
    inputs = num_features(config)
    outputs = 1 if config.output == "sigmoid" else num_classes
    between = (inputs + 1) * config.hidden_units
    return between + ((config.hidden_units or inputs) + 1) * outputs
