// Sends a folder, an archive or single images to the upload route: batches of small files, slices of
// large ones, three at a time, four tries each. Nothing is sent before the user has seen the counts.
const JUNK = /^(\..*|__macosx|thumbs\.db|desktop\.ini|ehthumbs\.db)$/i
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz|tar\.bz2|tar\.xz)$/i
const PHOTO = /\.(jpe?g|png|webp|bmp)$/i
const SLICE = 8e6
const BATCH_FILES = 64
const states = new WeakMap()
const stay = event => event.preventDefault()  // the browser then asks whether to leave

export default function (component) {
  const { data, parentElement: root, setTriggerValue } = component
  const state = states.get(root) ?? { chosen: [], left: [] }
  states.set(root, state)
  state.data = data
  state.fire = value => setTriggerValue("finished", value)
  const ui = parts(root)
  label(ui, data.texts)
  if (!ui.review.hidden) review(state, ui)  // in a language that was switched meanwhile
  ui.pickFolder.onclick = () => ui.folder.click()
  ui.pickFiles.onclick = () => ui.files.click()
  ui.folder.onchange = event => choose(state, ui, fromInput(event.target))
  ui.files.onchange = event => choose(state, ui, fromInput(event.target))
  ui.zone.ondragover = event => { event.preventDefault(); ui.zone.classList.add("over") }
  ui.zone.ondragleave = () => ui.zone.classList.remove("over")
  ui.zone.ondrop = async event => {
    event.preventDefault()
    ui.zone.classList.remove("over")
    const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry()).filter(Boolean)
    say(ui, data.texts.reading)
    const found = []
    for (const entry of entries) await walk(entry, "", found)
    choose(state, ui, found)
  }
  ui.start.onclick = () => send(state, ui, false)
  ui.quick.onclick = () => send(state, ui, true)
  ui.again.onclick = () => reset(state, ui)
  ui.cancel.onclick = () => {
    state.cancelled = true
    ui.cancel.disabled = true
    state.abort?.abort()
  }
  return () => {
    state.cancelled = true
    state.fire = () => {}
    state.abort?.abort()
    states.delete(root)
  }
}

function parts(root) {
  const ids = ["zone", "title", "lead", "pickFolder", "pickFiles", "folder", "files", "review",
    "counts", "left", "shrink", "shrinkRow", "shrinkText", "quick", "start", "again", "sending", "bar",
    "cancel", "live"]
  return Object.fromEntries(ids.map(id => [id, root.querySelector(`#${id}`)]))
}

function label(ui, texts) {
  for (const id of ["title", "lead", "pickFolder", "pickFiles", "quick", "start", "again", "cancel"])
    ui[id].textContent = texts[id]
  ui.quick.hidden = !texts.quick
  ui.start.classList.toggle("primary", !texts.quick)
  ui.shrinkText.textContent = texts.shrink
  ui.folder.setAttribute("aria-label", texts.pickFolder)
  ui.files.setAttribute("aria-label", texts.pickFiles)
  ui.bar.setAttribute("aria-label", texts.sending)
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name])
}

function say(ui, text) {
  if (ui.live.textContent !== text) ui.live.textContent = text
}

function fromInput(input) {
  const found = [...input.files].map(file => [file.webkitRelativePath || file.name, file])
  input.value = ""
  return found
}

// What cannot be read is found without a file.
async function walk(entry, prefix, found) {
  const path = prefix + entry.name
  const lost = ok => () => ok(null)
  if (entry.isFile) {
    found.push([path, await new Promise(ok => entry.file(ok, lost(ok)))])
    return
  }
  const reader = entry.createReader()
  for (;;) {  // a reader gives at most 100 entries at a time
    const entries = await new Promise(ok => reader.readEntries(ok, lost(ok)))
    if (!entries) found.push([path, null])
    if (!entries?.length) return
    for (const child of entries) await walk(child, path + "/", found)
  }
}

function suffix(path) {
  return "." + path.split(".").pop().toLowerCase()
}

function choose(state, ui, found) {
  const wanted = new Set(state.data.extensions)
  const lists = new Set(state.data.lists)
  const keep = ([path, file]) => file && !path.split("/").some(part => JUNK.test(part)) &&
    (wanted.has(suffix(path)) || ARCHIVE.test(path) || lists.has(suffix(path)))
  state.chosen = found.filter(keep)
  state.left = found.filter(item => !keep(item)).map(([path]) => path)
  const archives = state.chosen.filter(([path]) => ARCHIVE.test(path)).length
  if (archives && state.chosen.length > 1) return say(ui, state.data.texts.oneArchive)
  if (state.chosen.every(([path]) => lists.has(suffix(path))))
    return say(ui, fill(state.data.texts.nothing, { skipped: found.length }))
  review(state, ui)
}

function review(state, ui) {
  const { texts } = state.data
  const lists = new Set(state.data.lists)
  const counts = new Map()
  for (const [path] of state.chosen) {
    if (ARCHIVE.test(path) || lists.has(suffix(path))) continue
    const folder = path.split("/").slice(-2, -1)[0] ?? ""
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  const images = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const megabytes = (state.chosen.reduce((sum, [, file]) => sum + file.size, 0) / 1e6).toFixed(1)
  const archive = state.chosen.length === 1 && ARCHIVE.test(state.chosen[0][0])
  say(ui, archive
    ? fill(texts.archive, { name: state.chosen[0][0], megabytes })
    : fill(texts.found, { images, classes: counts.size, megabytes }))
  ui.counts.replaceChildren(...[...counts].sort().slice(0, 60).map(([name, count]) => {
    const item = document.createElement("li")
    item.textContent = `${name || texts.noFolder}: ${count}`
    return item
  }))
  ui.left.textContent = state.left.length ? fill(texts.left, { skipped: state.left.length }) : ""
  ui.shrinkRow.hidden = !state.chosen.some(([path]) => PHOTO.test(path))
  show(ui, "review")
}

function show(ui, phase) {
  const entered = ui.review.hidden && phase === "review"
  ui.zone.hidden = phase !== "zone"
  ui.review.hidden = phase !== "review"
  ui.sending.hidden = phase !== "sending"
  if (entered) (ui.quick.hidden ? ui.start : ui.quick).focus()
}

function reset(state, ui) {
  state.chosen = []
  say(ui, "")
  show(ui, "zone")
}

async function send(state, ui, quick) {
  state.cancelled = false
  state.abort = new AbortController()
  show(ui, "sending")
  addEventListener("beforeunload", stay)
  const jobs = plan(state.chosen, state.data.first, state.data.into)
  const progress = { sent: 0, failed: 0, total: state.chosen.length }
  const step = () => {
    ui.bar.max = progress.total
    ui.bar.value = progress.sent
    say(ui, fill(state.data.texts.progress, { sent: Math.floor(progress.sent), total: progress.total }))
  }
  step()
  const worker = async () => {
    for (let job = jobs.shift(); job && !state.cancelled; job = jobs.shift())
      await run(state, job, ui.shrink.checked && !ui.shrinkRow.hidden, progress, step)
  }
  await Promise.all([worker(), worker(), worker()])
  state.abort = null
  removeEventListener("beforeunload", stay)
  // The page answers with a new field: what is chosen in this one would be lost with it.
  if (state.cancelled) return state.fire({ ...progress, cancelled: true, at: Date.now() })
  const tops = new Set(state.chosen.map(([path]) => path.split("/")[0]))
  const name = tops.size > 1 ? "" : [...tops][0].replace(ARCHIVE, "").replace(/\.[^.]{1,5}$/, "")
  show(ui, "zone")
  const { texts } = state.data
  say(ui, progress.failed ? fill(texts.failed, progress) : fill(texts.done, progress))
  state.fire({ ...progress, left: state.left.slice(0, 50000), name, quick, at: Date.now() })
}

// A job is either one batch of small files or one large file that goes in slices.
function plan(chosen, first, into) {
  const jobs = []
  let batch = [], size = 0
  chosen.forEach(([name, file], index) => {
    const id = first + index
    const path = into ? `${into}/${name.split("/").pop()}` : name
    if (file.size > SLICE) return jobs.push([{ id, path, file }])
    if (batch.length >= BATCH_FILES || size + file.size > SLICE) {
      jobs.push(batch)
      batch = []
      size = 0
    }
    batch.push({ id, path, file })
    size += file.size
  })
  if (batch.length) jobs.push(batch)
  return jobs
}

async function run(state, job, smaller, progress, step) {
  if (smaller) for (const item of job) item.file = await shrink(item.path, item.file)
  const large = job.length === 1 && job[0].file.size > SLICE
  const pieces = large ? slices(job[0]) : [job.map(item => ({ ...item, offset: 0, total: item.file.size }))]
  for (const piece of pieces) {
    const sent = await post(state.data, piece, { signal: state.abort?.signal, stopped: () => state.cancelled })
    if (!sent) {
      progress.failed += job.length
      return
    }
    progress.sent += large ? 1 / pieces.length : job.length
    step()
  }
  if (large) progress.sent = Math.round(progress.sent * 1e6) / 1e6
}

function slices({ id, path, file }) {
  const pieces = []
  for (let offset = 0; offset < file.size; offset += SLICE)
    pieces.push([{ id, path, file: file.slice(offset, offset + SLICE), offset, total: file.size }])
  return pieces
}

async function shrink(path, file) {
  if (!PHOTO.test(path) || file.size < 300_000) return file
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" })
    const scale = 512 / Math.min(picture.width, picture.height)
    if (scale >= 1) return file
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale))
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height)
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 })
  } catch (error) {
    return file  // the server says what is wrong with it
  }
}
