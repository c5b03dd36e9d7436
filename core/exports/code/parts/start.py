"""What the run was told"""

import sys
from pathlib import Path

import keras

# if: script
FOLDER, HERE = Path(sys.argv[1]), Path(__file__).parent
# else
FOLDER, HERE = Path("pictures"), Path()  # where your pictures lie, and where split.csv does
# end
# if: not helper
SEED = 7
# end
SIZE = 160  # pixels, both sides
# if: steps and not helper
BATCH = 32
# end
# if: augmented and not helper
VIEWS = 4  # augmented versions of each training image, beside the image itself
# end
# if: augmented and taught and helper
VIEWS = 4  # augmented versions of each training image, beside the image itself
# end
# if: not number
LABELS = (HERE / "labels.txt").read_text("utf-8").strip("\n").split("\n")
# end
# if: notebook
keras.utils.clear_session()  # so that layers are named as if nothing had been built before
# end
# if: not helper
keras.utils.set_random_seed(SEED)
# end
