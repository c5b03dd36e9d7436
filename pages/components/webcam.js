// Films while a button is held: every frame becomes one image of a class. The frames of one hold
// share a time stamp in their names, so that they stay on one side of the split.
const states = new WeakMap()
const SIDE = [640, 480]

export default function (component) {
  const { data, parentElement: root, setTriggerValue } = component
  const state = states.get(root) ?? { taken: 0 }
  states.set(root, state)
  state.data = data
  state.fire = value => setTriggerValue("captured", value)
  const ui = Object.fromEntries(["video", "record", "live"].map(id => [id, root.querySelector(`#${id}`)]))
  ui.record.textContent = data.texts.record
  ui.video.setAttribute("aria-label", data.texts.camera)
  if (!state.seen) {
    state.seen = () => document.hidden ? close(state) : open(state, ui)
    document.addEventListener("visibilitychange", state.seen)
    open(state, ui)
  }
  const begin = event => {
    event.preventDefault()
    state.stream ? film(state, ui) : open(state, ui)
  }
  const end = () => { state.filming = false }
  ui.record.onpointerdown = begin
  ui.record.onpointerup = ui.record.onpointerleave = ui.record.onpointercancel = end
  ui.record.onkeydown = event => { if ([" ", "Enter"].includes(event.key) && !event.repeat) begin(event) }
  ui.record.onkeyup = ui.record.onblur = end
  return () => {
    document.removeEventListener("visibilitychange", state.seen)
    close(state)
    states.delete(root)
  }
}

async function open(state, ui) {
  if (state.wanted) return
  state.wanted = true
  try {
    const stream = await openCamera(SIDE)
    if (!state.wanted) return closeCamera(stream)  // left meanwhile
    state.stream = ui.video.srcObject = stream
    await ui.video.play()
    ui.live.textContent = ""
  } catch (error) {
    ui.live.textContent = state.data.texts[error.message] ?? state.data.texts.unable
    close(state)
  }
  ui.video.hidden = !state.stream
}

function close(state) {
  state.filming = state.wanted = false
  closeCamera(state.stream)
  state.stream = null
}

async function film(state, ui) {
  if (state.filming || state.busy || !ui.video.videoWidth) return
  state.filming = true
  const canvas = new OffscreenCanvas(ui.video.videoWidth, ui.video.videoHeight)
  const pen = canvas.getContext("2d")
  const shots = []
  while (state.filming && shots.length < 200) {
    pen.drawImage(ui.video, 0, 0)
    shots.push(await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 }))
    ui.live.textContent = state.data.texts.taken.replace("{num}", shots.length)
    await new Promise(ok => setTimeout(ok, 1000 / state.data.framesPerSecond))
  }
  state.filming = false
  state.busy = true
  const sent = await send(state, shots)
  state.busy = false
  ui.live.textContent = sent ? "" : state.data.texts.failed
  if (sent) state.fire({ count: shots.length, at: Date.now() })
}

async function send({ data }, shots) {
  const stamp = Date.now().toString(36)
  const items = shots.map((file, i) => ({
    id: data.first + i, path: `${data.into}/cam_${stamp}_${String(i).padStart(3, "0")}.jpg`,
    file, offset: 0, total: file.size,
  }))
  for (let at = 0; at < items.length; at += 32)
    if (!await post(data, items.slice(at, at + 32))) return false
  return true
}
