"""An exported page whose runtime is no runtime: enough to look at the page itself."""

from pathlib import Path

from core.exports.browser import page, runtime
from core.workspace import Workspace

RUNTIME = {
    runtime.LOADER: "var ModuleFactory = async () => ({});\n//# sourceMappingURL=a.map\n",
    runtime.BINARY: "\0asm",
    runtime.LIBRARY: """import { createWasmLib } from "@litertjs/wasm-utils";
class LiteRt {}
class Environment {}
class Tensor { text = "</script><!-- " }
const setGlobalLiteRt = () => createWasmLib;
export {
  LiteRt,
  Tensor
};
""",
}


def tools(folder: Path) -> Path:
    """Write the files of a runtime into a folder."""
    for name, text in RUNTIME.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def write(ws: Workspace, run_id: str, folder: Path) -> Path:
    """Write the page of a run, as one file and as a folder."""
    kit = folder / "kit"
    kit.mkdir()
    (kit / page.MODEL).write_bytes(b"a model")
    page.write(ws.run(run_id), tools(folder / "tools"), kit)
    return kit
