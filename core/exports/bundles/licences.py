"""Under which licence pretrained weights are passed on, as Keras has told it of them."""

from collections.abc import Mapping

from core.models.catalog import Backbone

# Of the documentation of Keras 2.3, "Applications", which told it of each network; that of later
# ones, and of networks that came later, tells none.
_OF_KERAS: Mapping[str, tuple[str, ...]] = {
    "Apache-2.0": (
        *("InceptionV3", "InceptionResNetV2", "MobileNet", "MobileNetV2"),
        *("NASNetMobile", "NASNetLarge"),
    ),
    "MIT": ("Xception", "ResNet50", "ResNet101", "ResNet152"),
    "CC-BY-4.0": ("VGG16", "VGG19"),
    "BSD-3-Clause": ("DenseNet121", "DenseNet169", "DenseNet201"),
    "BSD": ("ResNet50V2", "ResNet101V2", "ResNet152V2"),
}


def licence_of(backbone: Backbone) -> str:
    """Name the licence of a network's ImageNet weights; empty: none is known."""
    if backbone.folder:  # brought by its user
        return ""
    if not backbone.weights[0].url:  # Thaw's own, see docs/starter.md
        return "Apache-2.0"
    found = (name for name, networks in _OF_KERAS.items() if backbone.constructor in networks)
    return next(found, "")
