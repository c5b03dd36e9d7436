// Small pictures in a grid: a click enlarges one; with `selectable` each has a box to choose it by.
// The page's dialog fades away, and gives the focus to nobody: only then may a tile take it.
const whenClosed = act => setTimeout(
  () => document.querySelector("[role=dialog]") ? whenClosed(act) : setTimeout(act, 100), 50)

export default function (component) {
  const { data, parentElement: root, setStateValue, setTriggerValue } = component
  const grid = root.querySelector("#grid"), box = root.querySelector("#box")
  const drawn = JSON.stringify([data.items, data.selectable, data.words])
  grid.tell = chosen => setStateValue("selected", [...chosen])
  grid.open = id => setTriggerValue("opened", id)
  grid.setAttribute("aria-label", data.label)
  grid.style.setProperty("--size", `${data.size}px`)
  const closed = data.opened ? "" : grid.opened
  if (closed) whenClosed(() => grid.boxes.get(`open ${closed}`)?.focus())
  grid.opened = data.opened
  if (grid.drawn === drawn) return  // a tile drawn anew would lose the keyboard's focus
  grid.drawn = drawn
  const chosen = new Set(data.selected)
  const boxes = grid.boxes = new Map()
  const make = (kind, name, text, parent) => {
    const node = document.createElement(kind)
    node.className = name
    node.textContent = text
    parent.append(node)
    return node
  }
  const toggle = item => {
    chosen.has(item.id) ? chosen.delete(item.id) : chosen.add(item.id)
    boxes.get(item.id).setAttribute("aria-pressed", chosen.has(item.id))
    grid.tell(chosen)
  }
  const picture = (src, item, parent) => {
    const image = make("img", "", "", parent)
    image.alt = item.alt
    image.loading = "lazy"
    image.src = src
  }
  const enlarge = at => {
    const item = data.items[at]
    const had = grid.getRootNode().activeElement?.title
    box.setAttribute("aria-label", item.alt)
    box.replaceChildren()
    const bar = make("div", "bar", "", box)
    make("span", "said", item.title, bar)
    const press = (text, label, act, off) => {
      const button = make("button", "act", text, bar)
      Object.assign(button, { type: "button", title: label, ariaLabel: label, disabled: off, onclick: act })
      return button
    }
    if (data.selectable) {
      const choose = press("✓", data.words.choose, () => {
        toggle(item)
        choose.setAttribute("aria-pressed", chosen.has(item.id))
      }, false)
      choose.setAttribute("aria-pressed", chosen.has(item.id))
    }
    press("‹", data.words.previous, () => enlarge(at - 1), at === 0)
    press("›", data.words.next, () => enlarge(at + 1), at === data.items.length - 1)
    press("×", data.words.close, () => box.close(), false)
    picture(item.full, item, box)
    box.onkeydown = event => {
      const to = at + ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? NaN)
      if (!data.items[to]) return
      event.preventDefault()
      enlarge(to)
    }
    box.onclick = event => event.target === box && box.close()
    box.onclose = () => boxes.get(`open ${item.id}`).focus()
    box.open || box.showModal()
    const same = [...bar.children].find(button => had && button.title === had && !button.disabled)
    const again = same ?? bar.lastChild
    again.focus()
  }
  grid.replaceChildren(...data.items.map((item, at) => {
    const tile = document.createElement("figure")
    const open = make("button", "open", "", tile)
    Object.assign(open, { type: "button", title: data.words.enlarge, onclick: () => data.opens ? grid.open(item.id) : enlarge(at) })
    boxes.set(`open ${item.id}`, open)
    picture(item.src, item, open)
    make("figcaption", "", item.caption, tile).title = item.title
    if (item.share !== null) make("div", "bar-of", "", tile).style.setProperty("--share", item.share)
    if (item.note) make("p", "note", item.note, tile).title = item.note
    if (item.mark) make("span", "mark", item.mark, tile)
    if (data.selectable) {
      const choose = make("button", "choose", "✓", tile)
      choose.type = "button"
      choose.setAttribute("aria-label", `${data.words.choose}: ${item.alt}`)
      choose.setAttribute("aria-pressed", chosen.has(item.id))
      choose.onclick = () => toggle(item)
      boxes.set(item.id, choose)
    }
    return tile
  }))
}
