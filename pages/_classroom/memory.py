"""What lies in the memory of the server of files that widgets have taken."""

from collections.abc import Mapping

from starlette.middleware import Middleware
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from core.classroom import folder
from core.web.classroom.in_memory import FairMemory
from core.workspace import default_root


def shares(base: str) -> list[Middleware]:
    """Give what shares memory out where there are many; one person alone has all of it."""
    if not folder.is_open():
        return []
    return [Middleware(FairMemory, root=default_root(), held=held, base=base)]


def held() -> Mapping[str, int]:
    """Give the bytes that each session holds."""
    manager = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    if not isinstance(manager, MemoryUploadedFileManager):
        return {}
    sessions = [(name, list(kept.values())) for name, kept in list(manager.file_storage.items())]
    return {name: sum(len(file.data) for file in kept) for name, kept in sessions}
