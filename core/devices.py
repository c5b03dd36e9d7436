"""Which device runs train on, as the shell sees it, and the locks that put trainings in order."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from core import locks, machine
from core.errors import UserError
from core.words import Message, say

VARIABLE = "THAW_GPUS"
TOGETHER, EACH = "together", "each"  # several GPUs train one run, or one run each


def training_device() -> str:
    """Give ``gpu`` where an NVIDIA driver has one to see, else ``cpu``; the engine has the say."""
    return "gpu" if machine.has_gpu() else "cpu"


def hidden_gpus() -> Message | None:
    """Say so where the variable ``CUDA_VISIBLE_DEVICES`` hides every GPU of this machine."""
    names = machine.gpus() if "CUDA_VISIBLE_DEVICES" in os.environ else ()
    return said_to_be_hidden(names) if names and machine.is_hidden(len(names)) else None


def said_to_be_hidden(names: Sequence[str]) -> Message:
    """Say which GPUs are hidden, and how to show them."""
    return say(
        "The GPU {name} is not used: CUDA_VISIBLE_DEVICES={value} hides it. Unset that "
        "variable, or set it to 0, and start Thaw again to use it.",
        name=", ".join(names),
        value=os.environ.get("CUDA_VISIBLE_DEVICES", ""),
    )


def are_busy() -> bool:
    """Tell whether a run trains on some device, of this or another workspace."""
    with contextlib.suppress(UserError):  # no run trains without its lock
        return any(locks.is_held(path) for path in locks_folder().glob("device-*.lock"))
    return False


def device_lock(device: str) -> Path:
    """Held while a run trains on the device: ``cpu``, ``gpu0`` and so on."""
    return locks_folder() / f"device-{device}.lock"


def gpus_in_turn() -> tuple[str, ...]:
    """Give the GPUs that train one run each; none where they train one together, as is usual.

    Raises `UserError` where ``THAW_GPUS`` says neither.
    """
    value = os.environ.get(VARIABLE) or TOGETHER
    if value not in (TOGETHER, EACH):
        raise UserError(
            say("{name} is '{value}'.", name=VARIABLE, value=value),
            expected=say("It is 'together' or 'each': several GPUs train one run, or one each."),
            mend=say("Change it, or unset it to have all of them train one run."),
        )
    return machine.shown_gpus() if value == EACH else ()


@contextlib.contextmanager
def held() -> Iterator[str]:
    """Wait for all that one run trains on, and hold it for the block; give ``cpu`` or ``gpu``."""
    device = training_device()
    names = [f"gpu{name}" for name in machine.shown_gpus()] if device == "gpu" else [device]
    with contextlib.ExitStack() as stack:
        for name in sorted(names):  # in one order, so that no two wait for each other
            stack.enter_context(locks.hold(device_lock(name), patience=locks.FOR_EVER))
        yield device


def locks_folder() -> Path:
    """Give the one folder of this machine and user for locks of devices, or ``$THAW_LOCKS``.

    It must not move with ``TMPDIR``, which differs between a terminal, a service and a batch job,
    nor lie in the home folder, which several machines may share. Raises `UserError` where nothing
    can be written to it.
    """
    asked = os.environ.get("THAW_LOCKS")
    folder = Path(asked) if asked else _of_machine()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _unusable(folder) from error
    if not os.access(folder, os.W_OK):
        raise _unusable(folder)
    return folder


def _unusable(folder: Path) -> UserError:
    return UserError(
        say("Nothing can be written to the folder {folder}.", folder=str(folder)),
        expected=say("A folder of your own on this computer: it puts trainings in order."),
        mend=say("Set THAW_LOCKS to such a folder, and start Thaw again."),
    )


def _of_machine() -> Path:
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "thaw-locks"
    return Path("/tmp") / f"thaw-{os.getuid()}"
