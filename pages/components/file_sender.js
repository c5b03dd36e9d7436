// Sends one file to the upload route, in slices, as soon as it is chosen or dropped.
const SLICE = 8e6
const states = new WeakMap()
const stay = event => event.preventDefault()  // the browser then asks whether to leave

export default function (component) {
  const { data, parentElement: root, setTriggerValue } = component
  const state = states.get(root) ?? {}
  states.set(root, state)
  state.data = data
  state.fire = value => setTriggerValue("finished", value)
  const ids = ["zone", "lead", "pick", "file", "bar", "cancel", "live"]
  const ui = Object.fromEntries(ids.map(id => [id, root.querySelector(`#${id}`)]))
  for (const id of ["lead", "pick", "cancel"]) ui[id].textContent = data.texts[id]
  ui.file.accept = data.suffix
  ui.file.setAttribute("aria-label", data.texts.pick)
  ui.bar.setAttribute("aria-label", data.texts.sending)
  ui.pick.onclick = () => ui.file.click()
  ui.file.onchange = () => { take(state, ui, ui.file.files[0]); ui.file.value = "" }
  ui.zone.ondragover = event => { event.preventDefault(); ui.zone.classList.add("over") }
  ui.zone.ondragleave = () => ui.zone.classList.remove("over")
  ui.zone.ondrop = event => {
    event.preventDefault()
    ui.zone.classList.remove("over")
    take(state, ui, event.dataTransfer.files[0])
  }
  ui.cancel.onclick = () => state.abort?.abort()
  return () => {
    state.fire = () => {}
    state.abort?.abort()
    states.delete(root)
  }
}

async function take(state, ui, file) {
  const { texts, suffix } = state.data
  if (!file || state.abort) return
  if (!file.name.toLowerCase().endsWith(suffix)) {
    ui.live.textContent = texts.other.replace("{name}", file.name)
    return
  }
  const abort = state.abort = new AbortController()
  addEventListener("beforeunload", stay)
  const sent = await send(state.data, ui, file, abort.signal)
  removeEventListener("beforeunload", stay)
  state.abort = null
  ui.bar.hidden = ui.cancel.hidden = true
  ui.pick.disabled = false
  ui.live.textContent = sent || abort.signal.aborted ? "" : texts.failed
  if (sent) state.fire({ name: file.name, at: Date.now() })
}

async function send(data, ui, file, signal) {
  ui.bar.hidden = ui.cancel.hidden = false
  ui.pick.disabled = true
  for (let offset = 0; offset === 0 || offset < file.size; offset += SLICE) {
    const piece = file.slice(offset, offset + SLICE)
    const item = { id: 0, path: file.name, file: piece, offset, total: file.size }
    if (!await post(data, [item], { signal, stopped: () => signal.aborted })) return false
    ui.bar.value = Math.min(1, (offset + piece.size) / Math.max(1, file.size))
  }
  return true
}
