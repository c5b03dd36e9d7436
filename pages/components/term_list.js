// The term that was asked for, a field to search in, and all terms in the order of the alphabet.

function element(tag, className, ...children) {
  const made = document.createElement(tag)
  made.className = className
  made.append(...children)
  return made
}

function drawing(svg) {
  const made = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement
  made.setAttribute('aria-hidden', 'true')
  return document.importNode(made, true)
}

function card(term, className) {
  const name = element('p', 'title', term.title)
  const sentence = element('p', 'sentence', term.sentence)
  const made = element('li', className, drawing(term.drawing), element('div', 'said', name, sentence))
  made.dataset.term = term.name
  return made
}

function search(texts) {
  const field = element('input', 'search')
  field.type = 'search'
  field.placeholder = texts.search
  field.setAttribute('aria-label', texts.search)
  return field
}

function list(terms, texts) {
  const cards = terms.map(term => [card(term, 'term'), `${term.title} ${term.words} ${term.sentence}`.toLowerCase()])
  const none = element('p', 'none')
  none.setAttribute('role', 'status')
  const field = search(texts)
  field.oninput = () => {
    const asked = field.value.trim().toLowerCase()
    for (const [made, words] of cards) made.hidden = !words.includes(asked)
    none.textContent = cards.every(([made]) => made.hidden) ? texts.none : ''
  }
  return [field, none, element('ul', 'all', ...cards.map(([made]) => made))]
}

export default function (component) {
  const { data, parentElement } = component
  const { terms, texts, first } = data
  const root = parentElement.querySelector('.thaw-terms')
  const drawn = `${texts.language} ${first}`
  if (root.drawn === drawn) return
  root.drawn = drawn
  const ordered = [...terms].sort((a, b) => a.title.localeCompare(b.title, texts.language))
  const asked = ordered.filter(term => term.name === first)
  const others = ordered.filter(term => term.name !== first)
  root.replaceChildren(...asked.map(term => element('ul', '', card(term, 'first'))), ...list(others, texts))
}
