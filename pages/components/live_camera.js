// Shows frames of a camera to a model: the next one is taken when the answer to the last is there,
// so frames never pile up. Nothing is drawn by the page: answers come as they are shown.
const SIZE = [640, 480]
const QUALITY = 0.92
const LEAST = 100  // milliseconds between two frames, to leave some of the processor to others
const SPOKEN = 2500  // milliseconds between two classes that are read out, at least
const AGAIN = { crowded: 300, gone: 2000 }  // milliseconds until the next try
const TRIES = { crowded: 100, gone: 5 }
const IDS = ["video", "toggle", "keep", "device", "deviceRow", "deviceText", "status", "said", "note", "bars", "spoken"]
const views = new WeakMap()
const pause = time => new Promise(ok => setTimeout(ok, time))

export default function ({ data, parentElement: root, setTriggerValue }) {
  let view = views.get(root)
  if (!view) {
    view = { ui: Object.fromEntries(IDS.map(id => [id, root.querySelector(`#${id}`)])), status: "" }
    views.set(root, view)
    view.hide = () => { if (document.hidden) end(view, "hidden") }
    view.leave = () => end(view, "")
    document.addEventListener("visibilitychange", view.hide)
    addEventListener("pagehide", view.leave)
  }
  view.data = data
  view.fire = value => setTriggerValue("kept", value)
  view.ui.toggle.onclick = () => view.session ? end(view, "") : begin(view)
  view.ui.keep.onclick = () => keep(view)
  view.ui.device.onchange = () => begin(view)
  label(view)
  return () => {
    end(view, "")
    document.removeEventListener("visibilitychange", view.hide)
    removeEventListener("pagehide", view.leave)
    views.delete(root)
  }
}

function label({ ui, data, session, status }) {
  ui.toggle.textContent = session ? data.texts.stop : data.texts.start
  ui.toggle.classList.toggle("primary", !session)
  ui.keep.textContent = data.texts.keep
  ui.keep.title = data.texts.keepHint
  ui.deviceText.textContent = data.texts.device
  ui.video.setAttribute("aria-label", data.texts.camera)
  ui.bars.setAttribute("aria-label", data.texts.bars)
  ui.status.textContent = data.texts[status] ?? status
}

// A word that has a text here, or the sentences of the server themselves.
function tell(view, status) {
  view.status = status
  label(view)
}

async function begin(view) {
  end(view, "opening")
  const session = view.session = { abort: new AbortController() }
  label(view)
  try {
    session.stream = await openCamera(SIZE, view.ui.device.value)
  } catch (error) {
    view.ui.device.replaceChildren()  // the one that was chosen may be gone
    if (view.session === session) end(view, error.message)
    return
  }
  if (view.session !== session) return closeCamera(session.stream)  // left meanwhile
  const [track] = session.stream.getVideoTracks()
  track.onended = () => { if (view.session === session) end(view, "lost") }
  const { ui } = view
  ui.video.classList.toggle("mirrored", track.getSettings().facingMode !== "environment")
  ui.video.srcObject = session.stream
  ui.video.hidden = false
  try {
    await ui.video.play()
  } catch (error) {
    if (view.session === session) end(view, "unable")
    return
  }
  await list(view, track)
  if (view.session === session) look(view, session)
}

// Once a camera may be used, the browser names all there are.
async function list({ ui }, track) {
  const every = await navigator.mediaDevices.enumerateDevices()
  const cameras = every.filter(one => one.kind === "videoinput" && one.deviceId)
  ui.deviceRow.hidden = cameras.length < 2
  ui.device.replaceChildren(...cameras.map((one, at) => new Option(one.label || `${at + 1}`, one.deviceId)))
  ui.device.value = track.getSettings().deviceId ?? ""
}

// The picture of the camera stops where it was, with what was last said of it.
function end(view, status) {
  const { session, ui } = view
  view.session = null
  session?.abort.abort()
  if (session) session.ended = true
  closeCamera(session?.stream)
  if (ui.video.srcObject) ui.video.srcObject = null
  ui.video.hidden = true
  ui.spoken.textContent = ""
  tell(view, status)
}

async function look(view, session) {
  tell(view, "waiting")
  const missed = { crowded: 0, gone: 0 }
  while (!session.ended) {
    const began = performance.now()
    const frame = await take(view.ui.video)
    if (!frame) {
      await pause(LEAST)
      continue
    }
    const [outcome, said] = await ask(view, session, frame)
    if (session.ended) return
    if (outcome === "stop") return end(view, said)
    if (outcome !== "said") {
      missed[outcome] += 1
      if (missed[outcome] > TRIES[outcome]) return end(view, outcome)
      if (outcome === "gone" || missed.crowded > 5) tell(view, outcome)
      await pause(AGAIN[outcome])
      continue
    }
    missed.crowded = missed.gone = 0
    view.frame = frame
    draw(view, said)
    if (view.status) tell(view, "")
    await pause(Math.max(0, LEAST - (performance.now() - began)))
  }
}

// What is sent is as the camera saw it; only the picture on the page is mirrored.
async function take(video) {
  const { videoWidth: width, videoHeight: height } = video
  if (!width) return null
  const scale = Math.min(1, SIZE[0] / Math.max(width, height))
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale))
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height)
  return await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY })
}

async function ask({ data }, session, frame) {
  try {
    const answer = await fetch(data.url, {
      method: "POST", body: frame, signal: session.abort.signal,
      headers: { "x-live-ticket": data.ticket, "content-type": "image/jpeg" },
    })
    if (answer.ok) return ["said", await answer.json()]
    if (answer.status === 429 || answer.status === 503) return ["crowded"]
    if (answer.status === 403 || answer.status === 401) return ["stop", "expired"]
    if (answer.status === 404) return ["stop", (await answer.json()).sentences ?? "unable"]
    return ["gone"]
  } catch (error) {
    return ["gone"]
  }
}

function draw(view, { label: name, unknown, bars }) {
  const { ui, data } = view
  const said = unknown ? data.texts.unknown : name
  ui.said.textContent = said
  ui.note.textContent = unknown ? data.texts.nearest.replace("{label}", () => name) : ""
  while (ui.bars.children.length < bars.length) ui.bars.append(row())
  while (ui.bars.children.length > bars.length) ui.bars.lastChild.remove()
  bars.forEach((bar, at) => {
    const [named, drawn, share] = ui.bars.children[at].children
    named.textContent = bar.label
    named.title = bar.label
    drawn.style.setProperty("--share", bar.share)
    share.textContent = bar.text
  })
  ui.keep.disabled = false
  speak(view, said)
}

function row() {
  const made = document.createElement("li")
  for (const name of ["label", "bar", "share"]) {
    const part = document.createElement("span")
    part.className = name
    made.append(part)
  }
  return made
}

// Reads a class out once two answers agree on it, and not while the one before is being read.
function speak(view, said) {
  const again = view.before === said
  view.before = said
  const now = performance.now()
  if (!again || view.ui.spoken.textContent === said || now - (view.spokenAt ?? -SPOKEN) < SPOKEN) return
  view.spokenAt = now
  view.ui.spoken.textContent = said
}

// Hands over the very picture that the bars belong to.
function keep(view) {
  const reader = new FileReader()
  reader.onload = () => view.fire({ picture: reader.result.split(",")[1], at: Date.now() })
  reader.readAsDataURL(view.frame)
}
