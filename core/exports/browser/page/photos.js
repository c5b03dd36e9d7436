// Photos that were chosen, dropped or pasted: answered one after the other, the newest on top.
import { answerBox, draw, element, words } from "./answers.js"
import { opened } from "./pixels.js"
import { t } from "./words.js"

const THUMBNAIL = 320  // pixels of the longer side
const breathe = () => new Promise(ok => setTimeout(ok))

// ask: gives the answer to a picture. tell: says a sentence to those who do not see the page.
export function photoList(list, ask, tell) {
  const view = { list, ask, tell, cards: [], queue: Promise.resolve() }
  view.add = files => { view.queue = [...files].reduce((before, file) => before.then(() => readPhoto(view, file)), view.queue) }
  view.keep = (name, picture, answer) => showAnswer(view, card(view, name), picture, answer)
  view.draw = () => view.cards.forEach(relabel)
  listen(view)
  return view
}

function listen(view) {
  document.addEventListener("dragover", event => { event.preventDefault(); document.body.classList.add("over") })
  document.addEventListener("dragleave", event => { if (!event.relatedTarget) document.body.classList.remove("over") })
  document.addEventListener("drop", event => {
    event.preventDefault()
    document.body.classList.remove("over")
    view.add(event.dataTransfer.files)
  })
  document.addEventListener("paste", event => view.add(event.clipboardData.files))
}

async function readPhoto(view, file) {
  const made = card(view, file.name)
  await breathe()  // the page is drawn between two photos
  try {
    const picture = await opened(file)
    showAnswer(view, made, picture, await view.ask(picture))
  } catch (error) {
    made.problem = error.message
    relabel(made)
    view.tell(t("asRead", { name: file.name, number: made.note.textContent }))
  }
}

function card(view, name) {
  const box = document.createElement("li")
  const made = { name, box, answer: answerBox(), problem: "reading" }
  box.className = "card"
  made.picture = element("canvas", "picture", box)
  made.picture.width = made.picture.height = 0
  made.title = element("h2", "file", box)
  made.note = element("p", "problem", box)
  box.append(made.answer.box)
  view.list.prepend(box)
  view.cards.push(made)
  relabel(made)
  return made
}

function showAnswer(view, made, picture, answer) {
  made.problem = ""
  thumbnail(made.picture, picture.canvas)
  draw(made.answer, answer)
  relabel(made)
  view.tell(t("asRead", { name: made.name, number: words(answer).sentence }))
}

function thumbnail(canvas, source) {
  const scale = Math.min(1, THUMBNAIL / Math.max(source.width, source.height))
  canvas.width = Math.max(1, Math.round(source.width * scale))
  canvas.height = Math.max(1, Math.round(source.height * scale))
  const pen = canvas.getContext("2d")
  pen.imageSmoothingQuality = "high"
  pen.drawImage(source, 0, 0, canvas.width, canvas.height)
}

function relabel(made) {
  made.title.textContent = made.title.title = made.name
  made.picture.setAttribute("role", "img")
  made.picture.setAttribute("aria-label", made.name)
  made.picture.hidden = made.answer.box.hidden = Boolean(made.problem)
  made.note.hidden = !made.problem
  made.note.textContent = made.problem ? t(made.problem) : ""
  draw(made.answer)
}
