"""Write the last layer of each block of each network of Keras: `python -m tools.last_layers`.

The code of a run names the layer up to which a backbone was frozen.
"""

import json
from pathlib import Path

import keras

from tools.backbone_facts import build, default_size

FILE = Path(__file__).parent.parent / "core" / "exports" / "code" / "last_layers.json"


def main() -> None:
    """Build each network once, as a script does that builds nothing before it."""
    found = {}
    for constructor in sorted(n for n in dir(keras.applications) if n[0].isupper()):
        found[constructor] = ends(constructor)
        print(constructor, len(found[constructor]), flush=True)
    lines = (f"{json.dumps(name)}: {json.dumps(layers)}" for name, layers in found.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def ends(constructor: str) -> list[str]:
    """Name the last layer of each block, from the image on."""
    from core.engine.networks.blocks import block_ends

    keras.utils.clear_session()
    model = build(constructor, {}, default_size(constructor))
    return [layer.name for _, layer in block_ends(model)]


if __name__ == "__main__":
    main()
