// From a photo to what the network is fed, as in training: at most 512 pixels of the shorter side,
// stored as JPEG, squeezed to a square.
import { blank, reduce, resize } from "./resize.js"
import { stored } from "./jpeg.js"
import { colourSpace, leftToTurn, turn } from "./turning.js"

const STORED_SIDE = 512  // of the shorter side, at most
const LOSSLESS_SIDE = 128  // up to this shorter side nothing is lost
const FULL_COLOUR_SIDE = 320  // below this shorter side all colour is kept
const LONGEST_JPEG = 65500
const GAP = 3  // of the two steps in which large pictures are made smaller
const MOST_PIXELS = 100e6
const KINDS = [[0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47], [..."RIFF"].map(letter => letter.charCodeAt(0))]

// size: of the network. Gives size x size x 3 bytes.
export function prepared(picture, size) {
  const copy = read(shrunk(picture), size)
  return resize(copy, size, size, "bilinear").data
}

// Opens a file; the error says in one word why that cannot be: the key of a sentence.
export async function opened(file) {
  let bytes, bitmap
  try {
    bytes = new Uint8Array(await file.arrayBuffer())
  } catch {
    throw new Error("damaged")  // a folder that was dropped, or a file that has gone
  }
  if (!bytes.length) throw new Error("empty")
  if (!isRead(bytes)) throw new Error("kind")
  try {
    bitmap = await createImageBitmap(file, { colorSpaceConversion: colourSpace(bytes) })
  } catch {
    throw new Error("damaged")
  }
  if (bitmap.width * bitmap.height > MOST_PIXELS) throw new Error("large")
  return drawn(bitmap, bitmap.width, bitmap.height, await leftToTurn(bytes))
}

// What lies on a canvas: a picture, or a frame of a video; what is clear becomes white.
export function drawn(source, width, height, orientation = 1) {
  const { matrix, sides } = turn(width, height, orientation)
  const canvas = Object.assign(document.createElement("canvas"), { width: sides[0], height: sides[1] })
  const pen = canvas.getContext("2d", { willReadFrequently: true })
  if (!pen) throw new Error("large")
  pen.fillStyle = "white"
  pen.fillRect(0, 0, ...sides)
  pen.setTransform(...matrix)
  pen.drawImage(source, 0, 0, width, height)
  source.close?.()
  const { data } = pen.getImageData(0, 0, ...sides), picture = blank(...sides)
  for (let i = 0, k = 0; i < data.length; i += 4) {
    picture.data[k++] = data[i]; picture.data[k++] = data[i + 1]; picture.data[k++] = data[i + 2]
  }
  return { ...picture, canvas }
}

export function isRead(start) {
  const kind = KINDS.find(begin => begin.every((byte, at) => start[at] === byte))
  if (kind !== KINDS[2]) return Boolean(kind)
  return String.fromCharCode(...start.slice(8, 12)) === "WEBP"
}

export function shrunk(picture) {
  const short = Math.min(picture.width, picture.height)
  if (short <= STORED_SIDE) return picture
  const [width, height] = [picture.width, picture.height].map(side => Math.max(1, even(side * STORED_SIDE / short)))
  const across = Math.max(1, Math.trunc(picture.width / width / GAP))
  const down = Math.max(1, Math.trunc(picture.height / height / GAP))
  const box = [picture.width / across, picture.height / down]
  const reduced = across > 1 || down > 1 ? reduce(picture, across, down) : picture
  return resize(reduced, width, height, "lanczos", box)
}

// The copy of training, read at the smallest scale that is not below the size of the network.
function read(picture, size) {
  const short = Math.min(picture.width, picture.height)
  if (short <= LOSSLESS_SIDE || Math.max(picture.width, picture.height) > LONGEST_JPEG) return picture
  const scale = Math.min(Math.trunc(picture.width / size), Math.trunc(picture.height / size))
  return stored(picture, short >= FULL_COLOUR_SIDE, [8, 4, 2, 1].find(step => scale >= step) ?? 1)
}

// Rounds as Python does: halves to the even number.
export function even(value) {
  const floor = Math.floor(value)
  if (value - floor !== .5) return Math.round(value)
  return floor % 2 ? floor + 1 : floor
}
