"""The pooled features of a whole model, given beside its probabilities."""

import keras

from core.engine.networks import blocks


def with_features(model: keras.Model) -> keras.Model:
    """Give a model with two outputs: probabilities, and pooled features (batch, channels).

    They are what the head pools the last map to, or its global average where the head takes the
    whole map. Layers and weights are shared. A model that never pools is given back as it is.
    """
    for node in reversed(blocks.in_order(model)):
        inputs = node.arguments.keras_tensors
        if len(inputs) == 1 and len(inputs[0].shape) == 4 and len(node.outputs[0].shape) == 2:
            return keras.Model(model.input, [model.output, _pooled(inputs[0], node.outputs[0])])
    return model


def suffix(learner: keras.Model) -> keras.Model:
    """Give what comes before a head's pooling, pooled: features of a phase -> (batch, channels).

    ``learner``: of the fine-tuning phase, as `network.learner` makes it.
    """
    pair = with_features(learner)
    return keras.Model(pair.input, pair.outputs[1])


def _pooled(last_map: keras.KerasTensor, vector: keras.KerasTensor) -> keras.KerasTensor:
    if vector.shape[1] == last_map.shape[-1]:
        return vector
    return keras.layers.GlobalAveragePooling2D(dtype="float32", name="pooled")(last_map)
