"""Why a model that Keras can load is no backbone for pictures."""

from core.errors import UserError
from core.words import Message, say


def unloadable(error: Exception) -> UserError:
    """Say what Keras said."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    reason = (lines or [type(error).__name__])[0]
    return UserError(
        say("Keras cannot load the model: {reason}", reason=reason[:200]),
        expected=say("A model that keras.models.load_model loads, in the version that Thaw uses."),
        mend=say("Save it again with Keras 3, and bring that file."),
    )


def no_pictures(shape: Message) -> UserError:
    """Refuse what takes something else than one picture in colour."""
    return UserError(
        say("The model takes {shape}.", shape=shape),
        expected=say("One picture with three colours: height, width, 3."),
        mend=say("Bring a model that was made for colour pictures."),
    )


def several_outputs(num: int) -> UserError:
    """Refuse what gives several things."""
    return UserError(
        say("The model gives {num} different things.", num=num),
        expected=say("A model with one output."),
        mend=say("Save the part of it that ends in the output you want."),
    )


def no_places() -> UserError:
    """Refuse what keeps no places of the picture."""
    return UserError(
        say("The model has no feature map: nothing in it looks at places beside each other."),
        expected=say("A convolutional network, with or without its classifier."),
        mend=say("Bring a network with convolutions."),
    )


def channels_first() -> UserError:
    """Refuse colours in front of the places."""
    return UserError(
        say("The model has the colours in front of height and width (channels first)."),
        expected=say("Height, width, colours, as TensorFlow has them."),
        mend=say("Build the model with data_format='channels_last'."),
    )


def not_square(height: int, width: int) -> UserError:
    """Refuse a fixed size that is no square."""
    return UserError(
        say("The model takes pictures of {height} × {width} pixels only.",
            height=height, width=width),
        expected=say("Thaw makes every picture a square."),
        mend=say("Build the model for square pictures, or for any size."),
    )  # fmt: skip


def not_finite() -> UserError:
    """Refuse weights that are no numbers."""
    return UserError(
        say("Some weights of the model are not finite numbers."),
        expected=say("A model whose training went well."),
        mend=say("Bring the weights of an earlier epoch."),
    )
