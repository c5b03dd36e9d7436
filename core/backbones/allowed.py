"""What a model file of a user may name: layers, operations and functions that Keras itself has.

Nothing on these lists runs code out of the file, reads or writes files, or looks anything up.
"""

from collections.abc import Mapping, Set


def _words(text: str) -> Set[str]:
    return frozenset(text.split())


MODELS = frozenset(
    {
        ("keras", "Functional"),
        ("keras", "Sequential"),
        ("keras.models", "Functional"),
        ("keras.models", "Sequential"),
        ("keras.src.models.functional", "Functional"),
        ("keras.src.models.sequential", "Sequential"),
        ("keras.src.engine.functional", "Functional"),
        ("keras.src.engine.sequential", "Sequential"),
    }
)
_LAYERS = _words(
    """
    Activation Add Average AveragePooling2D BatchNormalization CenterCrop Concatenate Conv2D
    Cropping2D Dense DepthwiseConv2D Dropout ELU Flatten GaussianDropout GaussianNoise
    GlobalAveragePooling2D GlobalMaxPooling2D InputLayer LayerNormalization LeakyReLU MaxPooling2D
    Maximum Minimum Multiply Normalization PReLU Permute RandomBrightness RandomContrast RandomFlip
    RandomRotation RandomTranslation RandomZoom ReLU Rescaling Reshape Resizing SeparableConv2D
    Softmax SpatialDropout2D Subtract UnitNormalization ZeroPadding2D
    """
)
_INITIALIZERS = _words(
    """
    Constant GlorotNormal GlorotUniform HeNormal HeUniform LecunNormal LecunUniform Ones
    RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros
    """
)
_REGULARIZERS = _words("L1 L1L2 L2")
_CONSTRAINTS = _words("MaxNorm MinMaxNorm NonNeg UnitNorm")
_MATHS = _words(
    """
    Add Divide Flip GetItem GreaterEqual Log Maximum Minimum Multiply Negative Stack Subtract Sum
    TrueDivide Where
    """
)
_ACTIVATED = _words(
    "Elu Gelu HardSigmoid HardSilu LeakyRelu Relu Relu6 Sigmoid Silu Softmax Softplus"
)
OBJECTS: Mapping[str, Set[str]] = {  # by the module that a configuration names
    "keras": _words("DTypePolicy"),
    "keras.layers": _LAYERS,
    "keras.initializers": _INITIALIZERS,
    "keras.regularizers": _REGULARIZERS,
    "keras.constraints": _CONSTRAINTS,
    "keras.src.ops.numpy": _MATHS,
    "keras.src.ops.core": _words("ConvertToTensor"),
    "keras.src.ops.math": _words("TopK"),  # of a run that remembers its training images
    "keras.src.ops.nn": _ACTIVATED,
    "keras.src.applications.convnext": _words("LayerScale StochasticDepth"),
    "keras.src.applications.inception_resnet_v2": _words("CustomScaleLayer"),
}
VALUES = _words("__keras_tensor__ __tensor__ __numpy__ __tuple__ __slice__ __ellipsis__")
ACTIVATIONS = _words(
    """
    elu exponential gelu hard_sigmoid hard_silu hard_swish leaky_relu linear log_softmax mish relu
    relu6 selu sigmoid silu softmax softplus softsign swish tanh
    """
)
POLICIES = _words("float32 mixed_float16 mixed_bfloat16 float16 bfloat16 float64")
