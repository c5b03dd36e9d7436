"""What all parts of the benchmark share: photographs brought in once, the configuration, tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import ours, photographs
from core.models import weights
from core.models.catalog import BACKBONES
from core.records import Dataset, TrainConfig
from core.workspace import Workspace

BACKBONE = "MobileNetV2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The material and the size of a benchmark."""

    folder: Path
    ws: Workspace
    photographs: Path
    dataset: Dataset
    size: int
    epochs: int
    seeds: tuple[int, ...]

    @property
    def weights(self) -> Path | None:
        return weights.locate(BACKBONES[BACKBONE], self.size)

    def config(self, **changes: object) -> TrainConfig:
        """Configure a run as the guide does: Adam 1e-3, batches of 32, dropout 0.2, one layer."""
        asked: dict[str, object] = {
            "dataset_id": self.dataset.id,
            "backbone": BACKBONE,
            "weights": "imagenet" if self.weights else "none",
            "image_size": self.size,
            "epochs": self.epochs,
            "seed": self.seeds[0],
        }
        return TrainConfig(**{**asked, **changes})  # type: ignore[arg-type]


def prepare(folder: Path, num: int, *, size: int, epochs: int, seeds: Sequence[int]) -> Bench:
    """Write the photographs and bring them in."""
    written = photographs.write(folder / "photographs", num)
    ws = Workspace(folder / "workspace")
    dataset = ours.ingest(ws, written)
    print(f"{dataset.num_images} photographs in {len(dataset.classes)} classes, {size} px")
    return Bench(
        folder=folder,
        ws=ws,
        photographs=written,
        dataset=dataset,
        size=size,
        epochs=epochs,
        seeds=tuple(seeds),
    )


def table(*rows: Sequence[object]) -> None:
    """Print rows in columns, after an empty line."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in texts) for i in range(len(texts[0]))]
    print()
    for row in texts:
        print(
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        )
    print(flush=True)
