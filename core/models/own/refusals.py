"""Why a model file that a user brings is refused, each in three short sentences."""

from collections.abc import Callable

from core.errors import UserError
from core.words import Value, mark, say

_SAVE = mark("Save the model anew with plain Keras: model.save('name.keras').")
Refusal = Callable[..., UserError]  # with the values that its first sentence names


def _refusal(what: str, expected: str, mend: str = _SAVE) -> Refusal:
    def refuse(**values: Value) -> UserError:
        return UserError(say(what, **values), expected=say(expected), mend=say(mend))

    return refuse


# The file, before Keras sees it.
no_model = _refusal(
    mark("This is no Keras model file: {reason}."),
    mark("A .keras file as Keras 3 writes it."),
)
odd_archive = _refusal(
    mark("The model file is not packed as Keras packs it: {reason}."),
    mark("Three members, not compressed: metadata.json, config.json, model.weights.h5."),
)
unknown = _refusal(
    mark("The model holds '{kind}', which Thaw does not load."),
    mark("Layers and functions for pictures that Keras itself has, none with code of its own."),
    mark("Build the model without it, and save it again."),
)
odd_configuration = _refusal(
    mark("The description of the network is not usable: {reason}."),
    mark("A network for pictures, as Keras 3 describes it."),
)
odd_weights = _refusal(
    mark("The weights in the model file are not usable: {reason}."),
    mark("Plain tables of numbers, each stored whole in the file."),
)
too_hungry = _refusal(
    mark("The model took too much memory or time to load, and was ended."),
    mark("A network whose weights take at most 2 GB."),
    mark("Bring a smaller model."),
)

# The model that Keras made of it.
unloadable = _refusal(
    mark("Keras cannot load the model: {reason}"),
    mark("A model that keras.models.load_model loads, in the version that Thaw uses."),
    mark("Save it again with Keras 3, and bring that file."),
)
no_pictures = _refusal(
    mark("The model takes {shape}."),
    mark("One picture with three colours: height, width, 3."),
    mark("Bring a model that was made for colour pictures."),
)
several_outputs = _refusal(
    mark("The model gives {num} different things."),
    mark("A model with one output."),
    mark("Save the part of it that ends in the output you want."),
)
no_places = _refusal(
    mark("The model has no feature map: nothing in it looks at places beside each other."),
    mark("A convolutional network, with or without its classifier."),
    mark("Bring a network with convolutions."),
)
channels_first = _refusal(
    mark("The model has the colours in front of height and width (channels first)."),
    mark("Height, width, colours, as TensorFlow has them."),
    mark("Build the model with data_format='channels_last'."),
)
not_square = _refusal(
    mark("The model takes pictures of {height} × {width} pixels only."),
    mark("Thaw makes every picture a square."),
    mark("Build the model for square pictures, or for any size."),
)
not_finite = _refusal(
    mark("Some weights of the model are not finite numbers."),
    mark("A model whose training went well."),
    mark("Bring the weights of an earlier epoch."),
)
