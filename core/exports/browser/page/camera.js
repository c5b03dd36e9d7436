// The camera with what the model says of it: the next frame is taken when the last has its answer.
import { answerBox, draw, words } from "./answers.js"
import { drawn } from "./pixels.js"
import { t } from "./words.js"

const SIDE = 640  // pixels of the longer side of a frame
const LEAST = 100  // milliseconds between two frames, at least
const SPOKEN = 2500  // milliseconds between two answers that are read out, at least
const REFUSALS = {
  NotAllowedError: "denied", SecurityError: "denied",
  NotFoundError: "missing", OverconstrainedError: "missing",
  NotReadableError: "busy", AbortError: "busy",
}
const IDS = ["toggle", "keep", "live", "video", "device", "deviceRow", "liveAnswer"]
const pause = time => new Promise(ok => setTimeout(ok, time))

// ask: gives the answer to a picture. tell: says a sentence; keep: takes a picture and its answer.
export function cameraView(ask, tell, keep) {
  const ui = Object.fromEntries(IDS.map(id => [id, document.getElementById(id)]))
  const view = { ui, ask, tell, answer: answerBox(), session: null, spoken: {} }
  ui.liveAnswer.append(view.answer.box)
  ui.toggle.onclick = () => view.session ? end(view) : begin(view)
  ui.device.onchange = () => begin(view)
  ui.keep.onclick = () => view.seen && keep(view.seen.picture, view.seen.answer)
  document.addEventListener("visibilitychange", () => { if (document.hidden && view.session) end(view, "hidden") })
  addEventListener("pagehide", () => end(view))
  view.draw = () => { labelButton(view); draw(view.answer) }
  labelButton(view)
  return view
}

function labelButton({ ui, session }) {
  ui.toggle.textContent = session ? t("stop") : t("start")
}

async function begin(view) {
  end(view, "opening")
  const session = view.session = {}
  labelButton(view)
  try {
    session.stream = await openCamera(view.ui.device.value)
    if (view.session !== session) return close(session)  // stopped meanwhile
    await play(view, session)
  } catch (error) {
    view.ui.device.replaceChildren()  // the one that was chosen may be gone
    if (view.session === session) end(view, error.message)
    return
  }
  look(view, session)
}

async function openCamera(id) {
  if (!window.isSecureContext) throw new Error("insecure")
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("unable")
  const video = { width: { ideal: SIDE }, height: { ideal: SIDE * .75 }, ...(id ? { deviceId: { exact: id } } : { facingMode: "environment" }) }
  try {
    return await navigator.mediaDevices.getUserMedia({ video })
  } catch (error) {
    throw new Error(REFUSALS[error.name] ?? "unable")
  }
}

async function play(view, session) {
  const { ui } = view, [track] = session.stream.getVideoTracks()
  track.onended = () => { if (view.session === session) end(view, "unplugged") }
  ui.video.classList.toggle("mirrored", track.getSettings().facingMode !== "environment")
  ui.video.srcObject = session.stream
  ui.live.hidden = false
  await ui.video.play().catch(() => { throw new Error("unable") })
  await list(ui, track)
  view.tell("")
}

// Once a camera may be used, the browser names all there are.
async function list(ui, track) {
  const every = await navigator.mediaDevices.enumerateDevices()
  const cameras = every.filter(one => one.kind === "videoinput" && one.deviceId)
  ui.deviceRow.hidden = cameras.length < 2
  ui.device.replaceChildren(...cameras.map((one, at) => new Option(one.label || `${at + 1}`, one.deviceId)))
  ui.device.value = track.getSettings().deviceId ?? ""
}

async function look(view, session) {
  while (view.session === session) {
    const began = performance.now(), picture = frame(view.ui.video)
    if (picture) {
      const { answer, problem } = await view.ask(picture)
        .then(answer => ({ answer }), error => ({ problem: error.message }))
      if (view.session !== session) return
      if (problem) return end(view, problem)
      view.seen = { picture, answer }
      view.ui.keep.disabled = false
      draw(view.answer, answer)
      readOut(view, words(answer))
    }
    const took = performance.now() - began
    await pause(Math.max(LEAST - took, took / 2, 20))  // the page itself needs time, too
  }
}

// The model sees what the camera saw, also where the picture on the page is mirrored.
function frame(video) {
  const { videoWidth: width, videoHeight: height } = video
  if (!width) return null
  const scale = Math.min(1, SIDE / Math.max(width, height))
  return drawn(video, Math.round(width * scale), Math.round(height * scale))
}

// Says an answer once two agree on it, and not while the one before is being read.
function readOut({ spoken, tell }, { sentence, key }) {
  const again = spoken.key === key
  spoken.key = key
  if (!again || spoken.told === key || performance.now() - (spoken.at ?? -SPOKEN) < SPOKEN) return
  spoken.told = key
  spoken.at = performance.now()
  tell(sentence)
}

function end(view, status = "") {
  const { session, ui } = view
  view.session = null
  close(session)
  ui.video.srcObject = null
  ui.live.hidden = true
  ui.keep.disabled = true
  view.seen = null
  view.spoken = {}
  view.tell(status ? t(status) : "", status)
  labelButton(view)
}

// The light of the camera goes out with its last track.
function close(session) {
  session?.stream?.getTracks().forEach(track => track.stop())
}
