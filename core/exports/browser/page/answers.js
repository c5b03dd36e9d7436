// What the model says of a picture in large letters, and a bar for each of the likeliest classes.
import { TASKS } from "./tasks.js"
import { percent, t } from "./words.js"

const MOST = 5  // bars, until all are asked for

// Gives an element and draws it; draw it again when the language was changed.
export function answerBox() {
  const box = document.createElement("div")
  box.className = "answer"
  const [said, note] = ["said", "note"].map(name => element("p", name, box))
  const bars = element("ol", "bars", box)
  const more = element("button", "more", box)
  const view = { box, said, note, bars, more, isOpen: false, answer: null }
  more.type = "button"
  more.onclick = () => { view.isOpen = !view.isOpen; draw(view) }
  return view
}

export function draw(view, answer = view.answer) {
  view.answer = answer
  if (!answer) return
  const { said, note } = words(answer)
  view.said.textContent = said
  view.note.textContent = note
  view.note.hidden = !note
  view.bars.hidden = !answer.bars.length
  view.bars.setAttribute("aria-label", t("bars"))
  const shown = view.isOpen ? answer.bars : answer.bars.slice(0, MOST)
  while (view.bars.children.length > shown.length) view.bars.lastChild.remove()
  while (view.bars.children.length < shown.length) view.bars.append(row())
  shown.forEach((bar, at) => fill(view.bars.children[at], bar))
  view.more.hidden = answer.bars.length <= MOST
  view.more.textContent = view.isOpen ? t("fewer") : t("all", { num: answer.bars.length })
  view.more.setAttribute("aria-expanded", view.isOpen)
}

// What is said of an answer: said, note, a sentence that says the same, and a key of what it is.
export function words(answer) {
  return TASKS[answer.task].words(answer)
}

function row() {
  const made = document.createElement("li")
  for (const name of ["label", "share", "bar"]) element("span", name, made)
  return made
}

function fill({ children: [label, share, bar] }, { label: name, share: value }) {
  label.textContent = label.title = name
  share.textContent = percent(value)
  bar.style.setProperty("--share", value)
}

export function element(tag, name, parent) {
  const made = document.createElement(tag)
  made.className = name
  parent.append(made)
  return made
}
