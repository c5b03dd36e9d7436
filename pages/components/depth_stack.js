// Draws the stack, lets a click or the slider move the cut, and counts what learns while it moves.

const SNOWFLAKE = 'M12 2v20M4 7l16 10M20 7L4 17M12 6l-2-2M12 6l2-2M12 18l-2 2M12 18l2 2'
const FLAME = 'M12 3c1 4 5 5.5 5 10.5a5 5 0 0 1-10 0c0-2 1-3 2-4.5.5 1.5 1 2 2 2.5.5-3 0-5.5 1-8.5z'
const DENSE_FROM = 26 // more blocks than this are drawn as thin rows without a name

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

function slider(data, view) {
  const input = element('input', 'slider')
  input.type = 'range'
  input.min = 0
  input.max = data.blocks.length
  input.step = 1
  input.setAttribute('aria-label', data.texts.slider)
  input.oninput = () => view.show(data.blocks.length - Number(input.value))
  input.onchange = () => view.keep()
  return input
}

function build(parent) {
  const root = parent.querySelector('.depth')
  const view = { frozen: 0 }
  view.draw = (data, keep) => {
    view.data = data
    view.frozen = data.frozen
    view.keep = () => keep(view.frozen)
    const input = slider(data, view)
    const ends = element('div', 'ends', element('span', '', data.texts.few), element('span', '', data.texts.many))
    const facts = element('div', 'facts')
    facts.setAttribute('role', 'status')
    const place = element('div', 'place')
    Object.assign(view, { input, facts, place })
    const focused = parent.activeElement?.className === 'slider'
    root.replaceChildren(input, ends, facts, place)
    if (focused) input.focus()
    view.show(data.frozen)
  }
  view.show = (frozen) => {
    const { data, input, facts, place } = view
    view.frozen = frozen
    input.value = data.blocks.length - frozen
    const { first, second, said } = sentence(data, frozen)
    input.setAttribute('aria-valuetext', said)
    facts.replaceChildren(element('strong', '', first), element('span', '', second))
    place.replaceChildren(stack(data, frozen, (to) => { view.show(to); view.keep() }))
  }
  return view
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
