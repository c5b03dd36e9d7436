"""Teach a network with random weights to answer as an ImageNet one does, block by block.

`python -m tools.starter.distil --teacher FILE.h5 --data FOLDER --out FOLDER`

First every block learns alone: the teacher's activations are its input, the teacher's next
activations its goal. Then the blocks learn together, from the image to the pooled features.
"""

import argparse
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tools.starter import export, images
from tools.starter.network import block_outputs, build, make_momentum, split_blocks

Tensor = Any
Step = Callable[[Tensor], Tensor]

BLOCK_RATE, WHOLE_RATE = 3e-3, 1e-3
BLOCK_WEIGHT = 0.1
VARIANCE_FLOOR = 0.05
WARM_UP = 0.01
SECONDS_BETWEEN_CHECKPOINTS = 120
DRAWN, NUM_DRAWN, DRAWN_SIZE = "drawn.npy", 4000, 176


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How one training goes; the learning rate follows the crops, or the clock if minutes > 0."""

    data: Path
    out: Path
    alpha: float
    size: int
    batch: int
    crops: int
    minutes: float
    block_share: float
    seed: int
    start: Path | None


def distance(answer: Tensor, goal: Tensor) -> Tensor:
    """Average the squared error over the goal's variance, channel by channel."""
    axes = list(range(len(goal.shape) - 1))
    variance = tf.math.reduce_variance(goal, axis=axes)
    floor = VARIANCE_FLOOR * tf.reduce_mean(variance) + 1e-6
    return tf.reduce_mean(tf.square(answer - goal) / (variance + floor))


def augment(pixels: Tensor) -> Tensor:
    """Jitter the colours and mix pairs: (batch, size, size, 3) uint8 to float32 in -1..1."""
    number = tf.shape(pixels)[0]

    def draw(low: float, high: float, channels: int = 1) -> Tensor:
        return tf.random.uniform((number, 1, 1, channels), low, high)

    image = tf.cast(pixels, tf.float32) / 127.5 - 1.0
    grey = tf.reduce_mean(image, axis=-1, keepdims=True)
    colour = tf.where(draw(0, 1) < 0.1, 0.0, draw(0.4, 1.6))
    image = grey + (image - grey) * colour
    middle = tf.reduce_mean(image, axis=(1, 2, 3), keepdims=True)
    image = middle + (image - middle) * draw(0.5, 1.5) + draw(-0.4, 0.4)
    image = image * draw(0.85, 1.15, 3) + draw(-0.1, 0.1, 3)
    share = tf.where(draw(0, 1) < 0.4, draw(0.5, 1.0), 1.0)
    image = share * image + (1.0 - share) * tf.reverse(image, axis=[0])
    return tf.clip_by_value(image, -1.0, 1.0)


def block_losses(parts: list[keras.Model], inputs: list[Tensor], goals: list[Tensor]) -> Tensor:
    """Ask every block for the teacher's output, given the teacher's input."""
    answers = [part(given, training=True) for part, given in zip(parts, inputs, strict=True)]
    return tf.stack([distance(*pair) for pair in zip(answers, goals, strict=True)])


def whole_losses(student: keras.Model, image: Tensor, goals: list[Tensor]) -> Tensor:
    """Ask the whole network for the pooled features, and a little for every block's output."""
    answers = student(image, training=True)
    blocks = [BLOCK_WEIGHT * distance(*pair) for pair in zip(answers, goals, strict=True)]
    pooled = [tf.reduce_mean(last, axis=(1, 2)) for last in (answers[-1], goals[-1])]
    return tf.stack([*blocks, distance(*pooled)])


def make_step(
    teacher: keras.Model,
    losses: Callable[[Tensor, list[Tensor]], Tensor],
    *,
    optimizer: keras.optimizers.Optimizer,
    variables: list[keras.Variable],
) -> Step:
    """Put the teacher's pass and one step of the student's into one graph."""
    optimizer.build(variables)

    def step(pixels: Tensor) -> Tensor:
        image = augment(pixels)
        goals = teacher(image, training=False)
        with tf.GradientTape() as tape:
            each = losses(image, goals)
            total = tf.reduce_sum(each)
        optimizer.apply(tape.gradient(total, variables), variables)
        return each

    graph: Step = tf.function(step)
    return graph


def learning_rate(peak: float, *, progress: float) -> float:
    """Give the cosine schedule's rate, with a short warm-up."""
    return peak * min(1.0, progress / WARM_UP + 0.01) * 0.5 * (1 + math.cos(math.pi * progress))


def run_phase(
    plan: Plan,
    step: Step,
    student: keras.Model,
    *,
    optimizer: keras.optimizers.Optimizer,
    feed: Iterator[Tensor],
    share: float,
) -> int:
    """Train for a share of the plan's crops or minutes and give the number of crops seen."""
    peak, seen = float(optimizer.learning_rate.numpy()), 0
    start = saved = time.monotonic()
    while True:
        spent = (time.monotonic() - start) / 60
        progress = spent / plan.minutes if plan.minutes > 0 else seen / plan.crops
        if progress >= share:
            break
        optimizer.learning_rate.assign(learning_rate(peak, progress=progress / share))
        losses = step(next(feed))
        seen += plan.batch
        if time.monotonic() - saved > SECONDS_BETWEEN_CHECKPOINTS:
            saved = time.monotonic()
            report(plan, student, seen=seen, minutes=spent, losses=losses.numpy())
    report(plan, student, seen=seen, minutes=spent, losses=losses.numpy())
    return seen


def report(
    plan: Plan, student: keras.Model, *, seen: int, minutes: float, losses: np.ndarray
) -> None:
    """Keep the weights so far and print how the losses stand."""
    student.save_weights(plan.out / "student.weights.h5")
    each = " ".join(f"{loss:.4f}" for loss in losses)
    print(f"{minutes:6.1f} min {seen:7d} crops  {each}", flush=True)


def distil(plan: Plan, *, teacher_file: Path) -> None:
    """Train block by block, then end to end, and leave `backbone.h5` in the plan's folder."""
    keras.utils.set_random_seed(plan.seed)
    plan.out.mkdir(parents=True, exist_ok=True)
    if not (plan.out / DRAWN).exists():
        images.write_drawn(plan.out / DRAWN, number=NUM_DRAWN, size=DRAWN_SIZE)
    teacher = build(plan.alpha)
    teacher.load_weights(teacher_file)
    teacher = keras.Model(teacher.input, block_outputs(teacher))
    student = build(plan.alpha)
    make_momentum(student, momentum=0.99)
    if plan.start:
        student.load_weights(plan.start)
    feed = start_feed(plan)
    parts, whole = split_blocks(student), keras.Model(student.input, block_outputs(student))

    def alone(image: Tensor, goals: list[Tensor]) -> Tensor:
        return block_losses(parts, [image, *goals[:-1]], goals)

    def together(image: Tensor, goals: list[Tensor]) -> Tensor:
        return whole_losses(whole, image, goals)

    phases = ((alone, BLOCK_RATE, plan.block_share), (together, WHOLE_RATE, 1 - plan.block_share))
    for losses, rate, share in (phase for phase in phases if phase[2] > 0):
        optimizer = keras.optimizers.Adam(rate)
        step = make_step(
            teacher, losses, optimizer=optimizer, variables=student.trainable_variables
        )
        run_phase(plan, step, student, optimizer=optimizer, feed=feed, share=share)
        student.save_weights(plan.out / f"after_{losses.__name__}.weights.h5")
    export.write(student, plan.out / "backbone.h5")


def start_feed(plan: Plan) -> Iterator[Tensor]:
    """Give batches of crops that are cut while the network computes."""
    shape = (plan.batch, plan.size, plan.size, 3)
    dataset = tf.data.Dataset.from_generator(
        lambda: images.batches(
            plan.data, plan.out / DRAWN, seed=plan.seed, batch=plan.batch, size=plan.size
        ),
        output_signature=tf.TensorSpec(shape, tf.uint8),
    )
    return iter(dataset.prefetch(8))


def main() -> None:
    """Read the plan from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("teacher", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--alpha", type=float, default=0.35)
    parser.add_argument("--size", type=int, default=112)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--crops", type=int, default=240_000, help="length of the training")
    parser.add_argument(
        "--minutes", type=float, default=0.0, help="length by the clock, in place of --crops"
    )
    parser.add_argument("--block-share", type=float, default=0.82, help="of the training")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="weights of a checkpoint to go on from")
    options = vars(parser.parse_args())
    teacher_file = options.pop("teacher")
    distil(Plan(**options), teacher_file=teacher_file)


if __name__ == "__main__":
    main()
