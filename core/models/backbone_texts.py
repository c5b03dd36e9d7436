"""What each backbone is, in words for people who have never heard its name."""

from collections.abc import Mapping

from core.words import mark

_PHONE = mark("Made for phones: small, quick, and good enough for most everyday photos.")
_QUARTER = mark("A quarter as wide as the full MobileNet: tiny and very quick, far less accurate.")
_THIRD = mark("A third as wide as the full MobileNetV2: tiny and very quick, less accurate.")
_HALF = mark("Half as wide as the full one: small and quick, and a little less accurate.")
_SLIM = mark("Three quarters as wide as the full one: quicker, and nearly as accurate.")
_WIDE = mark("A widened MobileNet: a little slower and a little more accurate.")
_WIDEST = mark("The widest MobileNetV2: the most accurate of its family, and the slowest.")
_DENSE = mark("Every layer sees the work of all layers before it, so it needs few parameters.")
_BALANCED = mark("Depth, width and image size grown in balance: accurate for its size.")
_V2 = mark("A newer EfficientNet that is quicker to train and to fine-tune.")
_INCEPTION = mark("Looks at every spot through windows of several sizes at once.")
_SEARCHED = mark("A network whose plan was found by a computer search, not drawn by hand.")
_RESIDUAL = mark("The classic with shortcuts past its layers: well understood everywhere.")
_RESIDUAL_V2 = mark("A ResNet with its layers in a better order, which helps the deep ones learn.")
_PLAIN = mark("The plain old stack of layers: easy to explain, large and slow.")
_MODERN = mark("A plain network rebuilt with all the newer tricks: very accurate, needs power.")

_FIRST = mark("First tries, small computers, quick answers")
_TINY = mark("The smallest computers and live cameras")
_EVERYDAY = mark("Everyday photos on an ordinary computer")
_FINE = mark("Fine differences, such as bird or plant species")
_PATIENT = mark("Good accuracy when you can wait a little")
_POWER = mark("The best accuracy, with a strong graphics card")
_LESSON = mark("Lessons: each block is easy to explain")
_TEXTURE = mark("Textures and materials")

# name: title, one sentence, what it is good at
WORDS: Mapping[str, tuple[str, str, str]] = {
    "ThawStarter": (
        mark("Thaw Starter (offline)"),
        mark("A small network that comes with Thaw, so it works with no network at all."),
        mark("Starting at once, without a download"),
    ),
    "MobileNet-0.25": ("MobileNet 0.25", _QUARTER, _TINY),
    "MobileNet-0.5": ("MobileNet 0.5", _HALF, _TINY),
    "MobileNet-0.75": ("MobileNet 0.75", _SLIM, _FIRST),
    "MobileNet": ("MobileNet", _PHONE, _FIRST),
    "MobileNetV2-0.35": ("MobileNetV2 0.35", _THIRD, _TINY),
    "MobileNetV2-0.5": ("MobileNetV2 0.5", _HALF, _TINY),
    "MobileNetV2-0.75": ("MobileNetV2 0.75", _SLIM, _FIRST),
    "MobileNetV2": ("MobileNetV2", _PHONE, _EVERYDAY),
    "MobileNetV2-1.3": ("MobileNetV2 1.3", _WIDE, _EVERYDAY),
    "MobileNetV2-1.4": ("MobileNetV2 1.4", _WIDEST, _EVERYDAY),
    "MobileNetV3Small": ("MobileNetV3 Small", _PHONE, _TINY),
    "MobileNetV3Large": ("MobileNetV3 Large", _PHONE, _EVERYDAY),
    "EfficientNetV2B0": ("EfficientNetV2 B0", _V2, _EVERYDAY),
    "EfficientNetV2B1": ("EfficientNetV2 B1", _V2, _EVERYDAY),
    "EfficientNetV2B2": ("EfficientNetV2 B2", _V2, _PATIENT),
    "EfficientNetV2B3": ("EfficientNetV2 B3", _V2, _PATIENT),
    "EfficientNetV2S": ("EfficientNetV2 S", _V2, _FINE),
    "EfficientNetV2M": ("EfficientNetV2 M", _V2, _POWER),
    "EfficientNetV2L": ("EfficientNetV2 L", _V2, _POWER),
    "EfficientNetB0": ("EfficientNet B0", _BALANCED, _EVERYDAY),
    "EfficientNetB1": ("EfficientNet B1", _BALANCED, _EVERYDAY),
    "EfficientNetB2": ("EfficientNet B2", _BALANCED, _PATIENT),
    "EfficientNetB3": ("EfficientNet B3", _BALANCED, _PATIENT),
    "EfficientNetB4": ("EfficientNet B4", _BALANCED, _FINE),
    "EfficientNetB5": ("EfficientNet B5", _BALANCED, _FINE),
    "EfficientNetB6": ("EfficientNet B6", _BALANCED, _POWER),
    "EfficientNetB7": ("EfficientNet B7", _BALANCED, _POWER),
    "DenseNet121": ("DenseNet 121", _DENSE, _TEXTURE),
    "DenseNet169": ("DenseNet 169", _DENSE, _TEXTURE),
    "DenseNet201": ("DenseNet 201", _DENSE, _FINE),
    "ResNet50": ("ResNet 50", _RESIDUAL, _PATIENT),
    "ResNet101": ("ResNet 101", _RESIDUAL, _FINE),
    "ResNet152": ("ResNet 152", _RESIDUAL, _POWER),
    "ResNet50V2": ("ResNet 50 V2", _RESIDUAL_V2, _PATIENT),
    "ResNet101V2": ("ResNet 101 V2", _RESIDUAL_V2, _FINE),
    "ResNet152V2": ("ResNet 152 V2", _RESIDUAL_V2, _POWER),
    "InceptionV3": ("Inception V3", _INCEPTION, _FINE),
    "InceptionResNetV2": ("Inception-ResNet V2", _INCEPTION, _POWER),
    "Xception": ("Xception", _INCEPTION, _FINE),
    "NASNetMobile": ("NASNet Mobile", _SEARCHED, _EVERYDAY),
    "NASNetLarge": ("NASNet Large", _SEARCHED, _POWER),
    "VGG16": ("VGG 16", _PLAIN, _LESSON),
    "VGG19": ("VGG 19", _PLAIN, _LESSON),
    "ConvNeXtTiny": ("ConvNeXt Tiny", _MODERN, _FINE),
    "ConvNeXtSmall": ("ConvNeXt Small", _MODERN, _POWER),
    "ConvNeXtBase": ("ConvNeXt Base", _MODERN, _POWER),
    "ConvNeXtLarge": ("ConvNeXt Large", _MODERN, _POWER),
    "ConvNeXtXLarge": ("ConvNeXt XLarge", _MODERN, _POWER),
}
