"""Training steps: many batches in one compiled call, on one device or mirrored over several."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.engine.loop import folding, losses as kinds, optimizers
from core.engine.loop.losses import LOSSES, Distillation
from core.records.choices import CLASSIFICATION

Compiled = Callable[..., tf.Tensor]


@dataclass(frozen=True, slots=True)
class Sums:
    """Totals over images: the mean loss and the figure beside it are quotients of these."""

    loss: float = 0.0
    figure: float = 0.0  # right answers, or how far off all of them are
    images: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.loss + other.loss, self.figure + other.figure, self.images + other.images)


class Learner:
    """A model that gives logits, its optimizer, and both compiled.

    Arrays hold several batches: ``inputs: (batches, batch, ...)``, ``labels: (batches, batch)``
    and ``weights`` like labels; a weight of zero marks an image that only fills up the batch.
    With a ``distillation`` a teacher's logits stand beside them: (batches, batch, classes), float.
    ``shares``: of the learning rate, for each variable; none: the whole. ``task``: of `LOSSES`;
    labels of numbers are standardised, float32.
    """

    def __init__(
        self,
        model: keras.Model,
        variables: list[keras.Variable],
        *,
        optimizer: str = "adam",
        strategy: tf.distribute.Strategy | None = None,
        loss_scale: float = 1.0,
        shares: Sequence[float] = (),
        distillation: Distillation | None = None,
        task: str = CLASSIFICATION,
    ) -> None:
        self.loss = LOSSES[task]
        self.model, self.variables, self._scale = model, variables, loss_scale
        self._distillation = distillation
        self._folds = folding.folds(model)
        self.strategy = strategy or tf.distribute.get_strategy()
        with self.strategy.scope():
            self.optimizer = optimizers.make(optimizer, shares)
            self.optimizer.build(variables)
        self.num_replicas = int(self.strategy.num_replicas_in_sync)
        self._train: Compiled | None = None  # once it is known what the inputs look like
        self._test: Compiled | None = None

    def train(self, batches: tuple[NDArray, ...], rates: NDArray[np.float32]) -> Sums:
        """Learn from batches, each at its own rate, and give their plain sums.

        ``rates``: (batches,), float32; the others as the class says.
        """
        self._train = self._train or _compiled(self._train_batches, (rates, *batches))
        return _sums(self._train(rates, *batches))

    def test(self, batches: tuple[NDArray, ...]) -> tuple[Sums, NDArray]:
        """Give the sums over batches without learning, without dropout; and what each is answered.

        Inputs (batches, batch, ...), float; labels, int32, and weights, float32: (batches, batch).
        The second: of each image with a weight, in order, the number of a class, int32; or the
        number that was read off it, float32.
        """
        self._test = self._test or _compiled(self._test_batches, batches)
        totals, named = self._test(*batches)
        return _sums(totals), named.numpy()[batches[2] > 0]

    @property
    def state(self) -> list[NDArray]:
        """All that learning changes: the variables, then the optimizer's; any shape and dtype."""
        return [v.numpy() for v in self._all()]

    @state.setter
    def state(self, arrays: Sequence[NDArray]) -> None:
        for variable, array in zip(self._all(), arrays, strict=True):
            variable.assign(array)

    @property
    def values(self) -> list[NDArray]:
        """The variables of the model that learn: any shape, float32."""
        return [v.numpy() for v in self.variables]

    @values.setter
    def values(self, arrays: Sequence[NDArray]) -> None:
        for variable, array in zip(self.variables, arrays, strict=True):
            variable.assign(array)

    def _all(self) -> list[keras.Variable]:
        return [*self.variables, *self.optimizer.variables]

    def _train_batches(self, rates: tf.Tensor, *batches: tf.Tensor) -> tf.Tensor:
        def step(i: tf.Tensor) -> tf.Tensor:
            self.optimizer.learning_rate.assign(rates[i])
            return self.strategy.run(self._step, args=[array[i] for array in batches])

        return self._total(step, tf.shape(rates)[0])

    def _test_batches(
        self, inputs: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        num_batches = tf.shape(labels)[0]

        def body(
            i: tf.Tensor, totals: tf.Tensor, names: tf.TensorArray
        ) -> tuple[tf.Tensor, tf.Tensor, tf.TensorArray]:
            args = (inputs[i], labels[i], weights[i])
            scores, named = self.strategy.run(self._evaluate, args=args)
            given = self.strategy.reduce("SUM", scores, axis=None)
            return i + 1, totals + tf.cast(given, tf.float64), names.write(i, self._whole(named))

        names = tf.TensorArray(self.loss.dtype, num_batches, element_shape=(None,))
        start = (tf.constant(0), tf.zeros(3, tf.float64), names)
        _, totals, names = tf.while_loop(
            lambda i, *_: i < num_batches, body, start, parallel_iterations=1
        )
        return totals, names.stack()

    def _whole(self, shares: tf.Tensor) -> tf.Tensor:
        """Put the replicas' shares of a batch together again: each has every n-th image."""
        return tf.reshape(tf.stack(self.strategy.experimental_local_results(shares), axis=1), [-1])

    def _total(self, step: Callable[[tf.Tensor], tf.Tensor], num_batches: tf.Tensor) -> tf.Tensor:
        """Take the steps one after another and add up what each gives on all replicas.

        How many batches one call takes follows the clock. Added up in 64 bits, the 32-bit sums of
        batches come to the same total however they are grouped.
        """

        def body(i: tf.Tensor, totals: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            given = self.strategy.reduce("SUM", step(i), axis=None)
            return i + 1, totals + tf.cast(given, tf.float64)

        start = (tf.constant(0), tf.zeros(3, tf.float64))
        _, totals = tf.while_loop(lambda i, _: i < num_batches, body, start, parallel_iterations=1)
        return totals

    def _step(
        self, inputs: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor, *taught: tf.Tensor
    ) -> tf.Tensor:
        total = tf.math.count_nonzero(weights, dtype=tf.float32)
        inputs, labels, weights = map(self._replica_share, (inputs, labels, weights))
        with tf.GradientTape() as tape:
            logits = self._logits(inputs, training=True)
            losses = self.loss.losses(logits, labels)
            learned = self._with_teacher(losses, logits, *map(self._replica_share, taught))
            loss = tf.reduce_sum(learned * weights) / total * self._scale
        gradients = tape.gradient(loss, [v.value for v in self.variables])
        self.optimizer.apply([self._unscale(g) for g in gradients], self.variables)
        return _score(self.loss.figures(logits, labels), weights, losses)

    def _with_teacher(
        self, losses: tf.Tensor, logits: tf.Tensor, taught: tf.Tensor | None = None
    ) -> tf.Tensor:
        """Mix the losses against the labels with those against what a teacher says."""
        if self._distillation is None or taught is None:
            return losses
        share = self._distillation.share
        soft = kinds.soft_cross_entropy(logits, taught, self._distillation.temperature)
        return (1 - share) * losses + share * soft

    def _logits(self, inputs: tf.Tensor, *, training: bool) -> tf.Tensor:
        with folding.applied(self._folds):
            return tf.cast(self.model(inputs, training=training), tf.float32)

    def _unscale(self, gradient: tf.Tensor) -> tf.Tensor:
        """Take the loss scale back; what overflowed in float16 teaches nothing."""
        if self._scale == 1.0:
            return gradient
        return tf.where(tf.math.is_finite(gradient), gradient / self._scale, 0.0)

    def _evaluate(
        self, inputs: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        inputs, labels, weights = map(self._replica_share, (inputs, labels, weights))
        logits = self._logits(inputs, training=False)
        figures, losses = self.loss.figures(logits, labels), self.loss.losses(logits, labels)
        return _score(figures, weights, losses), self.loss.answers(logits)

    def _replica_share(self, batch: tf.Tensor) -> tf.Tensor:
        """Take this replica's share of a batch: every n-th image."""
        if self.num_replicas == 1:
            return batch
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        return batch[replica :: self.num_replicas]


def _compiled(function: Compiled, arrays: Sequence[NDArray]) -> Compiled:
    """Compile once for any number of batches and images, without XLA, which is slower here."""
    signature = [
        tf.TensorSpec([None if i < 2 else n for i, n in enumerate(a.shape)], a.dtype)
        for a in arrays
    ]
    return tf.function(function, input_signature=signature, jit_compile=False, autograph=False)


def warm_up() -> None:
    """Train nothing once: what TensorFlow does only the first time is done before a run waits."""
    inputs = keras.Input((2,))
    dense = keras.layers.Dense(2)
    learner = Learner(keras.Model(inputs, dense(inputs)), dense.trainable_variables)
    batch = (
        np.zeros((1, 1, 2), np.float16),
        np.zeros((1, 1), np.int32),
        np.ones((1, 1), np.float32),
    )
    learner.train(batch, np.zeros(1, np.float32))
    learner.test(batch)


def _score(figures: tf.Tensor, weights: tf.Tensor, losses: tf.Tensor) -> tf.Tensor:
    real = tf.cast(weights > 0, tf.float32)
    return tf.stack(
        [tf.reduce_sum(losses * real), tf.reduce_sum(figures * real), tf.reduce_sum(real)]
    )


def _sums(totals: tf.Tensor) -> Sums:
    loss, figure, images = totals.numpy().tolist()
    return Sums(loss, figure, images)
