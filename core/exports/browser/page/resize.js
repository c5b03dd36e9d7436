// Pillow's way to make a picture smaller: 8 bits, weights of 22 bits, across before down (it begins
// with the other side where that is quicker, which changes a value by one here and there).
// A picture is { width, height, data }, three bytes (red, green, blue) a pixel.

const BITS = 22
const HALF = 2 ** (BITS - 1)
const FILTERS = { bilinear: [1, triangle], lanczos: [3, lanczos] }

export function resize(picture, width, height, filter, box = [picture.width, picture.height]) {
  const wide = squeezed(picture, picture.width, box[0], width, filter, true)
  return squeezed(wide, picture.height, box[1], height, filter, false)
}

// Averages cells of across x down pixels; those at the edge may be smaller.
export function reduce({ width, height, data }, across, down) {
  const made = blank(Math.ceil(width / across), Math.ceil(height / down))
  for (let y = 0; y < made.height; y++) {
    const bottom = Math.min(height, (y + 1) * down)
    for (let x = 0; x < made.width; x++) {
      average(data, width, [x * across, Math.min(width, (x + 1) * across), y * down, bottom], made.data, 3 * (y * made.width + x))
    }
  }
  return made
}

export function blank(width, height) {
  return { width, height, data: new Uint8ClampedArray(3 * width * height) }
}

function average(data, width, [left, right, top, bottom], into, at) {
  const sums = [0, 0, 0], number = (right - left) * (bottom - top)
  for (let y = top; y < bottom; y++) {
    for (let i = 3 * (y * width + left), end = 3 * (y * width + right); i < end; i += 3) {
      sums[0] += data[i]; sums[1] += data[i + 1]; sums[2] += data[i + 2]
    }
  }
  for (let c = 0; c < 3; c++) into[at + c] = Math.floor(sums[c] / number + .5)
}

function squeezed(picture, from, box, to, filter, isAcross) {
  if (from === to && box === from) return picture
  const made = isAcross ? blank(to, picture.height) : blank(picture.width, to)
  const step = isAcross ? 3 : 3 * picture.width
  weights(from, box, to, filter).forEach(([low, shares], position) => {
    for (let line = 0; line < (isAcross ? made.height : made.width); line++) {
      const start = isAcross ? 3 * (line * picture.width + low) : 3 * (low * picture.width + line)
      weigh(picture.data, start, step, shares, made.data, 3 * (isAcross ? line * to + position : position * made.width + line))
    }
  })
  return made
}

function weigh(data, start, step, shares, into, at) {
  let red = HALF, green = HALF, blue = HALF
  for (let k = 0, i = start; k < shares.length; k++, i += step) {
    red += data[i] * shares[k]; green += data[i + 1] * shares[k]; blue += data[i + 2] * shares[k]
  }
  into[at] = red >> BITS; into[at + 1] = green >> BITS; into[at + 2] = blue >> BITS
}

// Of each new pixel: the first old one that it is made of, and the shares of this and the next.
function weights(from, box, to, filter) {
  const [reach, curve] = FILTERS[filter], scale = box / to, wide = Math.max(1, scale)
  return Array.from({ length: to }, (_, position) => {
    const centre = (position + .5) * scale
    const low = Math.max(0, Math.trunc(centre - reach * wide + .5))
    const high = Math.min(from, Math.trunc(centre + reach * wide + .5))
    const found = Array.from({ length: high - low }, (_, k) => curve((low + k - centre + .5) * (1 / wide)))
    const sum = found.reduce((a, b) => a + b, 0)
    return [low, Int32Array.from(found, v => Math.trunc(v / sum * 2 ** BITS + (v < 0 ? -.5 : .5)))]
  })
}

function triangle(x) {
  return Math.max(0, 1 - Math.abs(x))
}

function lanczos(x) {
  return x > -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0
}

function sinc(x) {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI)
}
