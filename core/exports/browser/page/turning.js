// How a camera was held, as PNG and WebP files note it (EXIF). Browsers turn JPEG photos by
// themselves; those that turn the other kinds, too, are found out by a tiny picture of each.

const TAG = 0x0112
const SIDEWAYS = {  // two pixels wide and one high, to be turned by a quarter
  PNG: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAGmVYSWZNTQAqAAAACAABARIAAwAAAAEABgAAAAAAANZnS2kAAAALSURBVHicY2BgAAAAAwABuK06YwAAAABJRU5ErkJggg==",
  WEBP: "UklGRk4AAABXRUJQVlA4WAoAAAAIAAAAAQAAAAAAVlA4TA4AAAAvAQAAAAcQEf0PRET/A0VYSUYaAAAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAA=",
}
const known = {}

// Gives 1 to 8, by which a picture that the browser opened is still to be turned. bytes: of a file.
export async function leftToTurn(bytes) {
  const kind = kindOf(bytes)
  if (!kind || await (known[kind] ??= turnsItself(SIDEWAYS[kind]))) return 1
  try {
    return orientation(chunk(bytes, kind === "PNG" ? "eXIf" : "EXIF"))
  } catch {
    return 1  // damaged notes are no reason to refuse a good photo
  }
}

// A PNG without a profile is taken as it is, as training took it: browsers would heed its gamma.
export function colourSpace(bytes) {
  try {
    return kindOf(bytes) === "PNG" && !chunk(bytes, "iCCP") ? "none" : "default"
  } catch {
    return "default"
  }
}

function kindOf(bytes) {
  return { 0x89: "PNG", 0x52: "WEBP" }[bytes[0]] ?? ""
}

async function turnsItself(tiny) {
  const bytes = Uint8Array.from(atob(tiny), letter => letter.charCodeAt(0))
  const bitmap = await createImageBitmap(new Blob([bytes])).catch(() => null)  // a kind it cannot open
  return !bitmap || bitmap.width === 1
}

// Walks through a file to one of its parts.
function chunk(bytes, name) {
  const view = new DataView(bytes.buffer), isPng = kindOf(bytes) === "PNG"
  for (let at = isPng ? 8 : 12; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at + (isPng ? 0 : 4), !isPng), id = at + (isPng ? 4 : 0)
    if (letters(view, id, 4) === name) return new DataView(view.buffer, at + 8, size)
    at += isPng ? size + 12 : 8 + size + size % 2
  }
  return null
}

function orientation(notes) {
  if (!notes) return 1
  const start = letters(notes, 0, 4) === "Exif" ? 6 : 0
  const isLittle = letters(notes, start, 2) === "II"
  const table = start + notes.getUint32(start + 4, isLittle)
  for (let row = 0; row < notes.getUint16(table, isLittle); row++) {
    const at = table + 2 + 12 * row
    if (notes.getUint16(at, isLittle) === TAG) return valid(notes.getUint16(at + 8, isLittle))
  }
  return 1
}

// Gives the matrix by which a picture is drawn turned, and the sides that it then has.
export function turn(width, height, orientation) {
  const matrix = [
    null, [1, 0, 0, 1, 0, 0], [-1, 0, 0, 1, width, 0], [-1, 0, 0, -1, width, height], [1, 0, 0, -1, 0, height],
    [0, 1, 1, 0, 0, 0], [0, 1, -1, 0, height, 0], [0, -1, -1, 0, height, width], [0, -1, 1, 0, 0, width],
  ][orientation]
  return { matrix, sides: orientation > 4 ? [height, width] : [width, height] }
}

function valid(value) {
  return value >= 1 && value <= 8 ? value : 1
}

function letters(view, at, number) {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, number))
}
