"""Put a backbone of a user's own into a workspace without Keras: what lists, shows, deletes it."""

from core import files
from core.backbones.bringing import GOOD_AT, SENTENCE
from core.models.catalog import Backbone, Block, WeightsFile
from core.records.backbones import BroughtModel, FoundModel
from core.workspace import Workspace

NAME = "own-mine-0123abcd"


def facts(name: str = NAME, title: str = "Mine", **changed: object) -> Backbone:
    block = {"parameters": 100, "trainable": 90, "multiply_adds": 1000}
    values: dict[str, object] = {
        "name": name,
        "title": title,
        "sentence": SENTENCE,
        "good_at": GOOD_AT,
        "constructor": "",
        "arguments": (),
        "default_size": 64,
        "smallest_size": 32,
        "parameters": 200,
        "blocks": (
            Block(name="block_1", output_shape=(32, 32, 4), **block),
            Block(name="block_2", output_shape=(16, 16, 8), **block),
        ),
        "preprocessing": "unit",
        "weights": (
            WeightsFile(file="model.keras", url="", hash="", hash_kind="sha256", megabytes=0.1),
        ),
        "steps": ((1, 2), (1, 2)),
    }
    return Backbone(**(values | changed))  # type: ignore[arg-type]


def make(ws: Workspace, name: str = NAME, title: str = "Mine", **changed: object) -> str:
    folder = ws.backbone(name)
    folder.path.mkdir(parents=True)
    folder.model.write_bytes(b"a model")
    files.write_record(folder.facts, facts(name, title, **changed))
    found = FoundModel(cut_off=0, pixels="")
    files.write_record(
        folder.brought, BroughtModel(file="mine.keras", sha256="00", found=found, pixels="0-1")
    )
    return name
