"""What a run keeps of pictures themselves, beside what it learned: it can be made again."""

import shutil

from core.run_folder import RunFolder


def forget(folder: RunFolder) -> None:
    """Delete features, map and the average pictures of classes; all are made again when asked for.

    Where a class has few pictures, their average shows each of them.
    """
    for path in (folder.features, folder.test_features, folder.map, folder.map_state):
        path.unlink(missing_ok=True)
    shutil.rmtree(folder.class_heat(0).parent, ignore_errors=True)
