"""What a process that handles a stranger's file may take, and what it may not do."""

import signal
import sys
from typing import Any

MEMORY = 8 * 2**30  # for Keras, TensorFlow, and a model of 2 GB
SECONDS = 1800  # of all processors together
_OUTSIDE = ("socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.exec")
_OUTSIDE_STARTS = ("os.posix_spawn", "os.spawn", "ftplib.", "urllib.", "smtplib.", "http.client.")


def memory(num_bytes: int) -> None:
    """Give this process no more memory of its own; where the system cannot, it is as it is."""
    try:
        import resource
    except ImportError:  # Windows
        return
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    soft, hard = resource.getrlimit(kind)
    given = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min((num_bytes, *given)), hard))


def processor_time(seconds: int) -> None:
    """End this process after so much work."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def stay_inside() -> None:
    """Refuse from here on every connection and every other program."""

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event in _OUTSIDE or event.startswith(_OUTSIDE_STARTS):
            raise PermissionError(f"a model file asked for {event}")

    sys.addaudithook(refuse)
