// What storing a picture as JPEG of quality 95 and reading it again makes of its pixels, as libjpeg
// does it, also where it is read at a half, a quarter or an eighth of its size.
import { blank } from "./resize.js"

const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99,
  47, 66, 99, 99, 99, 99, 99, 99, ...Array(32).fill(99),
]
const PERCENT = 10  // of these tables, at quality 95
const COSINES = Float64Array.from({ length: 64 }, (_, at) => {
  const row = at >> 3, column = at & 7
  return (row ? .5 : Math.SQRT1_2 / 2) * Math.cos((2 * column + 1) * row * Math.PI / 16)
})

// halfColour: two of its three planes are kept at half their size. step: 1, 2, 4 or 8.
export function stored(picture, halfColour, step) {
  const [luma, blue, red] = planes(picture)
  const brightness = coded(luma, LUMINANCE, step)
  const colours = [blue, red].map(plane => halfColour
    ? coded(halved(plane), CHROMINANCE, Math.max(1, step / 2))
    : coded(plane, CHROMINANCE, step))
  const width = Math.ceil(picture.width / step), height = Math.ceil(picture.height / step)
  const grown = halfColour && step === 1 ? colours.map(doubled) : colours
  return joined(brightness, grown, width, height)
}

// A plane is { width, height, data }, a number a pixel.
function planes({ width, height, data }) {
  const [luma, blue, red] = [0, 1, 2].map(() => new Uint8ClampedArray(width * height))
  for (let i = 0, k = 0; i < luma.length; i++, k += 3) {
    const r = data[k], g = data[k + 1], b = data[k + 2]
    luma[i] = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16
    blue[i] = (-11059 * r - 21709 * g + 32768 * b + 8421375) >> 16
    red[i] = (32768 * r - 27439 * g - 5329 * b + 8421375) >> 16
  }
  return [luma, blue, red].map(plane => ({ width, height, data: plane }))
}

function joined(luma, [blue, red], width, height) {
  const made = blank(width, height)
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k += 3) {
      const light = luma.data[y * luma.stride + x]
      const b = blue.data[y * blue.stride + x] - 128, r = red.data[y * red.stride + x] - 128
      made.data[k] = light + ((91881 * r + 32768) >> 16)
      made.data[k + 1] = light + ((-22554 * b - 46802 * r + 32768) >> 16)
      made.data[k + 2] = light + ((116130 * b + 32768) >> 16)
    }
  }
  return made
}

function halved({ width, height, data }) {
  const made = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) }
  made.data = new Uint8ClampedArray(made.width * made.height)
  for (let y = 0, i = 0; y < made.height; y++) {
    const top = 2 * y * width, bottom = Math.min(height - 1, 2 * y + 1) * width
    for (let x = 0; x < made.width; x++, i++) {
      const left = 2 * x, right = Math.min(width - 1, left + 1)
      made.data[i] = (data[top + left] + data[top + right] + data[bottom + left] + data[bottom + right] + 1 + (x & 1)) >> 2
    }
  }
  return made
}

// The triangle filter by which libjpeg gives a plane of half its size all its pixels again.
function doubled({ width, height, stride, data }) {
  const made = { stride: 2 * width, data: new Uint8ClampedArray(4 * width * height) }
  const column = new Int32Array(width)
  for (let y = 0; y < 2 * height; y++) {
    const near = (y >> 1) * stride
    const far = Math.min(height - 1, Math.max(0, (y >> 1) + (y & 1 ? 1 : -1))) * stride
    for (let x = 0; x < width; x++) column[x] = 3 * data[near + x] + data[far + x]
    for (let x = 0, i = y * made.stride; x < width; x++, i += 2) {
      made.data[i] = (3 * column[x] + column[Math.max(0, x - 1)] + 8) >> 4
      made.data[i + 1] = (3 * column[x] + column[Math.min(width - 1, x + 1)] + 7) >> 4
    }
  }
  return made
}

// Takes a plane through its frequencies, block by block, and gives it at a step-th of its size.
function coded(plane, table, step) {
  const steps = table.map(value => Math.max(1, Math.floor((value * PERCENT + 50) / 100)))
  const size = 8 / step, back = inverse(step), block = new Float64Array(64), room = new Float64Array(64)
  const rows = Math.ceil(plane.height / 8), columns = Math.ceil(plane.width / 8)
  const made = { width: Math.ceil(plane.width / step), height: Math.ceil(plane.height / step), stride: columns * size }
  made.data = new Uint8ClampedArray(rows * size * made.stride)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      cut(plane, 8 * column, 8 * row, block)
      transform(COSINES, block, room, 8)
      for (let i = 0; i < 64; i++) block[i] = rounded(block[i] / steps[i]) * steps[i]
      transform(back, block, room, size)
      paste(block, size, made, size * column, size * row)
    }
  }
  return made
}

// Pixels beyond the edge are as those at the edge.
function cut({ width, height, data }, left, top, block) {
  for (let y = 0; y < 8; y++) {
    const line = Math.min(height - 1, top + y) * width
    for (let x = 0; x < 8; x++) block[8 * y + x] = data[line + Math.min(width - 1, left + x)] - 128
  }
}

function paste(block, size, made, left, top) {
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) made.data[(top + y) * made.stride + left + x] = Math.floor(block[size * y + x] + 128.5)
  }
}

// matrix (size x 8) times block (8 x 8) times matrix turned over; the result lies in the block.
function transform(matrix, block, room, size) {
  for (let row = 0; row < 8; row++) {
    for (let i = 0; i < size; i++) {
      let sum = 0
      for (let k = 0; k < 8; k++) sum += matrix[8 * i + k] * block[8 * row + k]
      room[8 * i + row] = sum
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0
      for (let k = 0; k < 8; k++) sum += matrix[8 * i + k] * room[8 * j + k]
      block[size * i + j] = sum
    }
  }
}

// From frequencies to the averages of step neighbours: (8 / step, 8).
function inverse(step) {
  return Float64Array.from({ length: 64 / step }, (_, at) => {
    let sum = 0
    for (let k = 0; k < step; k++) sum += COSINES[8 * (at & 7) + (at >> 3) * step + k]
    return sum / step
  })
}

function rounded(value) {
  return value < 0 ? -Math.floor(.5 - value) : Math.floor(value + .5)
}
