// Draws how much learns: a few positions beside a small stack that melts as one moves, and behind
// "exact" every block, with a cut that a click or a slider moves. Counts what learns meanwhile.

const SNOWFLAKE = 'M12 2v20M4 7l16 10M20 7L4 17M12 6l-2-2M12 6l2-2M12 18l-2 2M12 18l2 2'
const FLAME = 'M12 3c1 4 5 5.5 5 10.5a5 5 0 0 1-10 0c0-2 1-3 2-4.5.5 1.5 1 2 2 2.5.5-3 0-5.5 1-8.5z'
const DENSE_FROM = 26 // more blocks than this are drawn as thin rows without a name
const BARS = 14 // at most, in the small drawing

function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

function element(tag, className, ...children) {
  const made = document.createElement(tag)
  made.className = className
  made.append(...children)
  return made
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name])
}

function short(number, language) {
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(number)
}

function row(kind, name, note, hint) {
  const path = kind === 'frozen' ? SNOWFLAKE : FLAME
  const label = element('span', 'name', name)
  const made = element('button', `row ${kind}`, icon(path), label, element('span', 'note', note))
  made.type = 'button'
  made.title = hint
  made.tabIndex = -1 // the slider is the way by keyboard
  return made
}

function blockRow(block, isFrozen, data) {
  const { texts } = data
  const kind = isFrozen ? 'frozen' : 'learning'
  const note = short(block.parameters, texts.language)
  const hint = `${block.name}: ${isFrozen ? texts.frozen : texts.learning}`
  return row(kind, block.name, note, hint)
}

function cutLine(texts, last) {
  const up = element('span', 'up', icon(FLAME), texts.learning)
  const down = element('span', 'down', icon(SNOWFLAKE), texts.frozen, element('b', '', last))
  return element('div', 'cut', up, element('span', 'rule'), down)
}

function stack(data, frozen, move) {
  const { blocks, head, texts } = data
  const box = element('div', blocks.length > DENSE_FROM ? 'stack dense' : 'stack')
  const top = row('learning head', head.name, short(head.parameters, texts.language), texts.learning)
  top.disabled = true
  box.append(top)
  for (let index = blocks.length; index >= 0; index--) {
    if (index === frozen) box.append(cutLine(texts, blocks[index - 1]?.name ?? ''))
    if (!index) break
    const isFrozen = index <= frozen
    const drawn = blockRow(blocks[index - 1], isFrozen, data)
    drawn.dataset.block = blocks[index - 1].name
    drawn.onclick = () => move(isFrozen ? index - 1 : index)
    box.append(drawn)
  }
  box.append(element('div', 'image', texts.image))
  return box
}

function count(data, frozen) {
  const learning = data.blocks.slice(frozen)
  const add = (name) => learning.reduce((sum, block) => sum + block[name], 0)
  return {
    blocks: learning.length,
    all: data.blocks.length,
    parameters: short(data.head.parameters + add('parameters'), data.texts.language),
    percent: Math.round(100 * add('share')),
  }
}

function sentence(data, frozen) {
  const { texts } = data
  const numbers = count(data, frozen)
  const cost = numbers.blocks ? fill(texts.cost, numbers) : texts.once
  return { first: fill(texts.parameters, numbers), second: cost, said: fill(texts.said, numbers) }
}

// The small drawing: its bars stay, so that they can be seen to melt.

function bars(data) {
  const total = data.blocks.length
  const num = Math.min(total, BARS)
  const made = Array.from({ length: num }, (_, index) => {
    const bar = element('i', 'bar')
    bar.until = Math.round(((index + 1) * total) / num) // the last block that it stands for
    return bar
  })
  return made.reverse() // the image is at the foot
}

function drawing(view) {
  view.bars = bars(view.data)
  const box = element('div', 'drawing', element('i', 'bar top'), ...view.bars, element('i', 'picture'))
  box.setAttribute('aria-hidden', 'true')
  return box
}

function melt(view, frozen) {
  view.bars.forEach((bar, index) => {
    bar.classList.toggle('melted', bar.until > frozen)
    bar.style.transitionDelay = `${15 * index}ms`
  })
}

// The two sliders: positions with names, and blocks.

function slider(label, last, read, view) {
  const input = element('input', 'slider')
  Object.assign(input, { type: 'range', min: 0, max: last, step: 1 })
  input.setAttribute('aria-label', label)
  input.oninput = () => view.show(read(Number(input.value)))
  input.onchange = () => view.keep()
  return input
}

function nearest(stops, frozen) {
  const far = stops.map((stop) => Math.abs(stop.frozen - frozen))
  return far.indexOf(Math.min(...far))
}

function names(view) {
  const row = element('div', 'stops')
  const { stops } = view.data
  stops.forEach((stop) => {
    const name = element('button', 'stop', stop.label)
    name.type = 'button'
    name.tabIndex = -1 // the slider is the way by keyboard
    name.onclick = () => { view.show(stop.frozen); view.keep() }
    row.append(name)
  })
  return row
}

function exactly(view) {
  const toggle = element('button', 'exactly')
  toggle.type = 'button'
  toggle.setAttribute('aria-controls', 'exact')
  toggle.onclick = () => { view.open = !view.open; view.show(view.frozen) }
  return toggle
}

function build(parent) {
  const root = parent.querySelector('.depth')
  const view = { open: false }
  view.draw = (data, keep) => {
    const focused = root.getRootNode().activeElement?.dataset?.focus
    const { stops, blocks, texts } = data
    Object.assign(view, { data, frozen: data.frozen, keep: () => keep(view.frozen) })
    view.coarse = slider(texts.slider, stops.length - 1, (index) => stops[index].frozen, view)
    view.fine = slider(texts.finely, blocks.length, (num) => blocks.length - num, view)
    view.names = names(view)
    view.facts = element('div', 'facts')
    view.facts.setAttribute('role', 'status')
    view.toggle = exactly(view)
    view.place = element('div', 'place')
    view.exact = element('div', 'exact', view.fine, view.place)
    view.exact.id = 'exact'
    const control = element('div', 'control', view.coarse, view.names, view.facts, view.toggle)
    root.style.setProperty('--stops', stops.length)
    root.replaceChildren(element('div', 'plain', drawing(view), control), view.exact)
    const parts = { coarse: view.coarse, fine: view.fine, toggle: view.toggle }
    for (const [name, part] of Object.entries(parts)) part.dataset.focus = name
    view.show(data.frozen)
    parts[focused]?.focus({ preventScroll: true })
  }
  view.show = (frozen) => {
    view.frozen = frozen
    const { data } = view
    const { stops, texts } = data
    const at = nearest(stops, frozen)
    const { first, second, said } = sentence(data, frozen)
    view.coarse.value = at
    view.coarse.setAttribute('aria-valuetext', `${stops[at].label}: ${said}`)
    view.fine.value = data.blocks.length - frozen
    view.fine.setAttribute('aria-valuetext', said)
    view.names.childNodes.forEach((name, index) => name.classList.toggle('on', index === at))
    view.facts.replaceChildren(element('strong', '', first), element('span', '', second))
    view.toggle.setAttribute('aria-expanded', view.open)
    view.toggle.textContent = fill(texts.exact, { cut: cutWords(data, frozen) })
    view.exact.hidden = !view.open
    view.place.replaceChildren(
      ...(view.open ? [stack(data, frozen, (to) => { view.show(to); view.keep() })] : []),
    )
    melt(view, frozen)
  }
  return view
}

function cutWords({ blocks, texts }, frozen) {
  if (frozen === blocks.length) return texts.few
  return frozen ? fill(texts.upTo, { block: blocks[frozen - 1].name }) : texts.many
}

const views = new WeakMap()

export default function (component) {
  const { data, parentElement, setStateValue } = component
  if (!views.has(parentElement)) views.set(parentElement, build(parentElement))
  const view = views.get(parentElement)
  const drawn = JSON.stringify(data)
  if (view.drawn !== drawn) {
    view.drawn = drawn
    view.draw(data, (frozen) => setStateValue('frozen', frozen))
  }
  return () => views.delete(parentElement)
}
