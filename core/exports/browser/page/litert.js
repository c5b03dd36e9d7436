// The end of the runtime's own text, of which it knows the names: opens it without its loader, which
// would ask for files by address, and for a graphics card.
export async function openedRuntime(wasmBinary) {
  const runtime = new LiteRt(await ModuleFactory({ wasmBinary, printErr: line => console.debug(line) }))
  setGlobalLiteRt(runtime)
  runtime.setDefaultEnvironment(new Environment({ webGpuDevice: null }))
  return runtime
}
