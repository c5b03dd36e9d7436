// Small pictures in a grid; with `selectable` each is a toggle button that mouse and keyboard reach.
export default function (component) {
  const { data, parentElement: root, setStateValue } = component
  const grid = root.querySelector("#grid")
  const drawn = JSON.stringify([data.items, data.selectable])
  grid.tell = chosen => setStateValue("selected", [...chosen])
  grid.setAttribute("aria-label", data.label)
  if (grid.drawn === drawn) return  // a tile drawn anew would lose the keyboard's focus
  grid.drawn = drawn
  const chosen = new Set(data.selected)
  const toggle = (id, tile) => {
    chosen.has(id) ? chosen.delete(id) : chosen.add(id)
    tile.setAttribute("aria-pressed", chosen.has(id))
    grid.tell(chosen)
  }
  grid.replaceChildren(...data.items.map(item => {
    const tile = document.createElement(data.selectable ? "button" : "figure")
    const picture = document.createElement("img")
    const caption = document.createElement(data.selectable ? "span" : "figcaption")
    picture.src = item.src
    picture.alt = item.alt
    picture.loading = "lazy"
    caption.textContent = item.caption
    caption.title = item.caption
    tile.append(picture, caption)
    if (item.mark) {
      const mark = document.createElement("span")
      mark.className = "mark"
      mark.textContent = item.mark
      tile.append(mark)
    }
    if (data.selectable) {
      tile.type = "button"
      tile.setAttribute("aria-pressed", chosen.has(item.id))
      tile.onclick = () => toggle(item.id, tile)
    }
    return tile
  }))
}
