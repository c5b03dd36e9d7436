// Draws cards that are radio buttons; a card drawn anew keeps the keyboard's focus.

function element(tag, className, text = "") {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text
  return made
}

function line(card) {
  const [low, high] = card.span
  const box = element("span", "line")
  const span = element("span", "span")
  box.setAttribute("aria-hidden", "true") // the sentence says it
  span.style.left = `${100 * low}%`
  span.style.width = `${Math.max(1, 100 * (high - low))}%`
  box.append(span)
  return box
}

function draw(card, chosen, pick) {
  const box = element("label", "card")
  const input = element("input", "")
  const head = element("span", "head")
  const title = element("span", "title", card.title)
  const note = element("span", "note", card.note)
  const sentence = element("span", "sentence", card.sentence)
  Object.assign(input, { type: "radio", name: "card", value: card.id, checked: card.id === chosen })
  title.id = `title-${card.id}`
  note.id = `note-${card.id}`
  sentence.id = `sentence-${card.id}`
  input.setAttribute("aria-labelledby", title.id)
  input.setAttribute("aria-describedby", `${note.id} ${sentence.id}`)
  input.onchange = () => pick(card.id)
  head.append(title, note)
  box.append(input, head, sentence)
  if (card.span) box.append(line(card))
  return box
}

export default function (component) {
  const { data, parentElement: root, setTriggerValue } = component
  const group = root.querySelector("#cards")
  group.pick = id => setTriggerValue("picked", id)
  const drawn = JSON.stringify(data)
  if (group.drawn === drawn) return
  group.drawn = drawn
  const focused = group.contains(group.getRootNode().activeElement)
  group.setAttribute("aria-label", data.label)
  group.replaceChildren(...data.cards.map(card => draw(card, data.chosen, id => group.pick(id))))
  if (focused) group.querySelector("input:checked")?.focus({ preventScroll: true })
}
