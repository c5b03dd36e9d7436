// A caption of texts and buttons; it stays as it is while a dialog is open, which gives the focus back.

function word(piece, caption) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = piece.text
  made.title = piece.hint
  made.setAttribute('aria-haspopup', 'dialog')
  made.onclick = () => caption.ask(piece.name)
  return made
}

export default function (component) {
  const { data, parentElement: root, setTriggerValue } = component
  const caption = root.querySelector('.thaw-caption')
  caption.ask = name => setTriggerValue('asked', name)
  const drawn = JSON.stringify(data.pieces)
  if (caption.drawn === drawn) return
  caption.drawn = drawn
  caption.replaceChildren(...data.pieces.map(piece => (piece.name ? word(piece, caption) : piece.text)))
}
