"""What is taken away works without Thaw."""

import io

import numpy as np
import pytest

from core import exporting, pixels, presets
from core.errors import UserError
from tests import builders
from tests.corpus import images

SIZE = 48


def seen_by_script(data: bytes) -> np.ndarray:
    """Give what the script would feed the model; its lines that need Keras are left out."""
    config = presets.configure("colours", backbone="MobileNetV2", image_size=SIZE)
    script = exporting.script(builders.card("run", config))
    names: dict = {}
    reading = script.replace("import keras, numpy", "import numpy").split("\nmodel = ")[0]
    exec(compile(reading, "predict.py", "exec"), names)
    return names["pixels"](io.BytesIO(data))[0]


@pytest.mark.filterwarnings("ignore")
def test_the_script_sees_every_picture_as_thaw_does():
    apart, num_seen = [], 0
    for case in images.all_cases():
        try:
            ours = pixels.from_upload(case.data, SIZE)
        except UserError:
            continue
        num_seen += 1
        if not np.array_equal(seen_by_script(case.data), ours):
            apart.append(case.name)

    assert num_seen > 80
    assert not apart
