"""Why a model file is refused, in three short sentences each."""

from core.errors import UserError
from core.words import Message, say

_SAVE = say("Save the model anew with plain Keras: model.save('name.keras').")


def no_model(reason: Message) -> UserError:
    """Refuse a file that is no ``.keras`` at all."""
    return UserError(
        say("This is no Keras model file: {reason}.", reason=reason),
        expected=say("A .keras file as Keras 3 writes it."),
        mend=_SAVE,
    )


def odd_archive(reason: Message) -> UserError:
    """Refuse an archive that Keras did not write so."""
    return UserError(
        say("The model file is not packed as Keras packs it: {reason}.", reason=reason),
        expected=say(
            "Three members, not compressed: metadata.json, config.json, model.weights.h5."
        ),
        mend=_SAVE,
    )


def unknown(kind: str) -> UserError:
    """Refuse what a configuration names and Keras would look up or run."""
    return UserError(
        say("The model holds '{kind}', which Thaw does not load.", kind=kind),
        expected=say(
            "Layers and functions for pictures that Keras itself has, none with code of its own."
        ),
        mend=say("Build the model without it, and save it again."),
    )


def odd_configuration(reason: Message) -> UserError:
    """Refuse a configuration that cannot be one of a picture network."""
    return UserError(
        say("The description of the network is not usable: {reason}.", reason=reason),
        expected=say("A network for pictures, as Keras 3 describes it."),
        mend=_SAVE,
    )


def odd_weights(reason: Message) -> UserError:
    """Refuse weights that are not stored as Keras stores them."""
    return UserError(
        say("The weights in the model file are not usable: {reason}.", reason=reason),
        expected=say("Plain tables of numbers, each stored whole in the file."),
        mend=_SAVE,
    )


def too_hungry() -> UserError:
    """Refuse what took more memory or time than a model of that size needs."""
    return UserError(
        say("The model took too much memory or time to load, and was ended."),
        expected=say("A network whose weights take at most 2 GB."),
        mend=say("Bring a smaller model."),
    )
