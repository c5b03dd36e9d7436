// Polls the lines of strip.jsonl and marks each picture as the last epoch names it.

const STRIP_EVERY = 1000 // milliseconds
const STRIP_ENDED = ['done', 'stopped', 'failed']
const MOST_PAST = 60 // epochs told of one picture
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)

function node(kind, name, text, parent) {
  const made = document.createElement(kind)
  made.className = name
  made.textContent = text
  parent?.append(made)
  return made
}

function epochsOf(lines) {
  // The last line of an epoch counts, and those of fine-tuning count on, as in the curves.
  const told = new Map(lines.map((line) => [`${line.phase} ${line.epoch}`, line]))
  const offset = Math.max(0, ...lines.filter((line) => line.phase === 'head').map((line) => line.epoch))
  return [...told.values()].map((line) => ({ ...line, number: line.epoch + (line.phase === 'head' ? 0 : offset) }))
}

function say(view, index) {
  const { texts } = view.data
  const { labels, classes } = view.pictures
  const last = view.epochs.at(-1)
  const label = classes[labels[index]]
  if (!last) return { label, text: label, right: null }
  const named = classes[last.named[index]]
  const right = last.named[index] === labels[index]
  return { label, named, right, text: fill(right ? texts.right : texts.wrong, { label, named }) }
}

function enlarge(view, index) {
  const { box, data, pictures } = view
  const { texts } = data
  const step = (by) => enlarge(view, (index + by + pictures.contents.length) % pictures.contents.length)
  box.replaceChildren()
  view.open = index
  const bar = node('div', 'bar', '', box)
  const said = say(view, index)
  node('span', 'said', said.text, bar)
  box.setAttribute('aria-label', said.text)
  for (const [text, label, act] of [
    ['‹', texts.previous, () => step(-1)],
    ['›', texts.next, () => step(1)],
    ['×', texts.close, () => box.close()],
  ]) Object.assign(node('button', 'act', text, bar), { type: 'button', title: label, ariaLabel: label, onclick: act })
  const image = node('img', '', '', box)
  image.alt = said.label
  image.src = data.image.replace('CONTENT', pictures.contents[index])
  const past = node('p', 'past', '', box)
  for (const epoch of view.epochs.slice(-MOST_PAST)) {
    const right = epoch.named[index] === pictures.labels[index]
    const dot = node('span', right ? 'right' : 'wrong', right ? '✓' : '✗', past)
    dot.title = fill(texts.then, { epoch: epoch.number, named: pictures.classes[epoch.named[index]] })
    dot.setAttribute('role', 'img')
    dot.setAttribute('aria-label', dot.title)
  }
  box.onclick = (event) => event.target === box && box.close()
  box.onkeydown = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    step(by)
  }
  box.onclose = () => { view.open = null; view.tiles[index].button.focus() }
  if (!box.open) box.showModal()
  bar.lastChild.focus()
}

function build(view) {
  view.tiles = view.pictures.contents.map((content, index) => {
    const tile = node('figure', '', '', null)
    const button = node('button', '', '', tile)
    Object.assign(button, { type: 'button', onclick: () => enlarge(view, index) })
    const image = node('img', '', '', button)
    image.alt = ''
    if (view.data.known) image.src = view.data.thumbnail.replace('CONTENT', content)
    const mark = node('span', 'mark', '', button)
    mark.ariaHidden = true
    return { tile, button, mark, caption: node('figcaption', '', '', tile) }
  })
  view.grid.replaceChildren(...view.tiles.map(({ tile }) => tile))
}

function draw(view) {
  if (!view.pictures) return
  const { texts } = view.data
  if (!view.tiles) build(view)
  view.grid.setAttribute('aria-label', texts.label)
  const told = view.tiles.map(({ tile, button, mark, caption }, index) => {
    const said = say(view, index)
    tile.className = said.right === null ? '' : said.right ? 'right' : 'wrong'
    mark.textContent = said.right === null ? '' : said.right ? '✓' : '✗'
    caption.textContent = said.right === false ? `→ ${said.named}` : said.label
    button.title = button.ariaLabel = said.text
    return said.right
  })
  const last = view.epochs.at(-1)
  view.told.textContent = !last ? texts.waiting : fill(texts.told,
    { right: told.filter(Boolean).length, num: told.length, epoch: last.number })
}

async function poll(view) {
  if (view.busy || document.hidden) return
  view.busy = true
  try {
    const answer = await fetch(`${view.data.lines}?after=${view.next}`)
    if (!answer.ok) return
    const { rows, next, state } = await answer.json()
    if (next < view.next) view.lines = [] // the file was written anew
    view.next = next
    view.pictures = rows.find((row) => row.contents) ?? view.pictures
    view.lines.push(...rows.filter((row) => row.named))
    if (rows.length) {
      view.epochs = epochsOf(view.lines)
      draw(view)
    }
    if (STRIP_ENDED.includes(state)) clearInterval(view.timer)
  } catch (error) {
    console.debug('The server does not answer; asking again.', error)
  } finally {
    view.busy = false
  }
}

const strips = new WeakMap()

export default function (component) {
  const { data, parentElement: root } = component
  let view = strips.get(root)
  if (view) {
    view.data = data
    draw(view)
  } else {
    const of = (name) => root.querySelector(`#${name}`)
    view = { data, told: of('told'), grid: of('grid'), box: of('box'), lines: [], epochs: [], next: 0 }
    strips.set(root, view)
    view.timer = setInterval(() => poll(view), STRIP_EVERY)
    poll(view)
  }
  return () => {
    clearInterval(strips.get(root)?.timer)
    strips.delete(root)
  }
}
