"""Ways to a model: heads on frozen features (solved, Keras' guide's, scikit-learn's), fine-tuning.

Each takes the material of a split and gives the probabilities of its test images.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.images import pixels
from core.judging import folds, solver
from core.judging.design import prepare
from core.models import weights
from core.models.catalog import BACKBONES

WITHOUT_SKLEARN = (
    "scikit-learn is not installed, so its row is left out. To have it: "
    "python -m pip install -r benchmarks/requirements.txt"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The features of the images of a data set, and which part each is in."""

    features: np.ndarray  # (images, views, dimensions); view 0 is the image itself
    labels: np.ndarray
    groups: tuple[str, ...]
    contents: tuple[str, ...]
    parts: np.ndarray  # of "train", "validation" and "test"
    num_classes: int
    seed: int
    copies: tuple[Path, ...] = ()  # of the images, for what learns from pixels
    backbone: str = ""
    size: int = 0  # pixels

    def part(self, *names: str) -> np.ndarray:
        """Mark the images of parts."""
        return np.isin(self.parts, names)

    def score(self, probabilities: np.ndarray) -> float:
        """Give the share of test images whose class is the most likely one."""
        return float((probabilities.argmax(axis=1) == self.labels[self.part("test")]).mean())


Recipe = Callable[[Material], np.ndarray]
Read = Callable[[Material, str], tuple[np.ndarray, np.ndarray]]  # the inputs and labels of a part


def solved(
    made: Material,
    *,
    views: bool = False,
    learns: tuple[str, ...] = ("train",),
    sample: int = solver.SAMPLE,
    strengths: Sequence[float] = solver.STRENGTHS,
) -> np.ndarray:
    """A; with views, B. The strength is always chosen on the training part."""
    train, seen = made.part("train"), made.part(*learns)
    images = np.flatnonzero(train)
    dealt = folds.deal(
        made.labels[train].tolist(),
        [made.groups[i] for i in images],
        [made.contents[i] for i in images],
        sample=sample,
    )
    looked_at, dealt = images[dealt >= 0], dealt[dealt >= 0]
    trials = tuple(
        solver.search(
            prepare(made.features[looked_at, 0]),
            made.labels[looked_at],
            dealt,
            num_classes=made.num_classes,
            strengths=strengths,
        )
    )
    design = prepare(made.features[seen] if views else made.features[seen, 0])
    strength = solver.best(trials) * (solver.VIEWS if views else 1)
    *_, last = solver.solve(design, made.labels[seen], strength, num_classes=made.num_classes)
    return design.head(last.weights).probabilities(made.features[made.part("test"), 0])


def keras_guide(made: Material) -> np.ndarray:
    """The head of Keras' transfer-learning guide, with early stopping on the validation part."""
    import keras

    keras.utils.set_random_seed(made.seed)
    model = keras.Sequential([keras.Input(made.features.shape[2:]), *_head(made)])
    _fit(model, made, _images, rate=1e-3, epochs=100)
    return model.predict(_images(made, "test")[0], verbose=0)


def keras_fine_tuning(made: Material) -> np.ndarray:
    """The end of the guide: all that the head stands on learns too, slowly.

    ``base(x, training=False)`` keeps the statistics of BatchNorm, as the guide advises.
    """
    import keras

    from core.engine.networks import backbones

    keras.utils.set_random_seed(made.seed)
    backbone = BACKBONES[made.backbone]
    base = backbones.build_backbone(backbone, made.size, weights.locate(backbone, made.size))
    head = keras.Sequential([keras.Input(made.features.shape[2:]), *_head(made)])
    _fit(head, made, _images, rate=1e-3, epochs=100)  # on kept features: no image is augmented
    base.trainable = True
    images = keras.Input((made.size, made.size, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(base(images, training=False))
    model = keras.Model(images, head(pooled))
    _fit(model, made, _pixels, rate=1e-5, epochs=10)
    return model.predict(_pixels(made, "test")[0], verbose=0)


def _head(made: Material) -> list[Any]:
    import keras

    return [keras.layers.Dropout(0.2), keras.layers.Dense(made.num_classes)]


def _fit(model: Any, made: Material, read: Read, *, rate: float, epochs: int) -> None:
    """Fit on the training part until the validation part has been no better for five epochs."""
    import keras

    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    stopping = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    model.fit(
        *read(made, "train"),
        validation_data=read(made, "validation"),
        epochs=epochs,
        callbacks=[stopping],
        verbose=0,
    )


def logistic_regression_cv(made: Material) -> np.ndarray:
    """scikit-learn's LogisticRegressionCV on standardised features, as its guide has it."""
    from sklearn.linear_model import LogisticRegressionCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    features, labels = _images(made, "train")
    least = np.bincount(labels, minlength=made.num_classes).min()
    model = make_pipeline(
        StandardScaler(),
        LogisticRegressionCV(
            Cs=10, cv=int(np.clip(least, 2, 5)), scoring="neg_log_loss", max_iter=1000
        ),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a class of one image, steps that run out
        model.fit(features, labels)
        found = np.zeros((int(made.part("test").sum()), made.num_classes))
        found[:, model.classes_] = model.predict_proba(_images(made, "test")[0])
    return found


def _images(made: Material, part: str) -> tuple[np.ndarray, np.ndarray]:
    inside = made.part(part)
    return made.features[inside, 0].astype(np.float32), made.labels[inside]


def _pixels(made: Material, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Read the images of a part: (images, size, size, 3), uint8, all of them in memory."""
    inside = made.part(part)
    copies = [copy for copy, chosen in zip(made.copies, inside, strict=True) if chosen]
    return np.stack([pixels.read_copy(copy, made.size) for copy in copies]), made.labels[inside]


def has_sklearn() -> bool:
    """Tell whether scikit-learn can be imported."""
    try:
        import sklearn.linear_model  # noqa: F401
    except ImportError:
        return False
    return True


RECIPES: Mapping[str, Recipe] = {
    "A": solved,
    "A-quick": lambda made: solved(made, sample=solver.SMALL_SAMPLE, strengths=solver.COARSE),
    "B": lambda made: solved(made, views=True),
    "C": lambda made: solved(made, learns=("train", "validation")),
    "D": lambda made: solved(made, views=True, learns=("train", "validation")),
    "guide": keras_guide,
    "sklearn": logistic_regression_cv,
    "keras-tuned": keras_fine_tuning,
}
