// The model: opened once, then asked about one picture at a time.
import { openedRuntime, Tensor } from "./litert.js"
import { prepared } from "./pixels.js"
import { TASKS } from "./tasks.js"

// about: task, size of the network, and what the task needs. An error says in one word why not.
export async function openedModel(about) {
  if (!globalThis.WebAssembly || !globalThis.DecompressionStream) throw new Error("old")
  const [wasm, model, rule] = await Promise.all(["wasm", "model", "rule"].map(part))
  const runtime = await openedRuntime(wasm)
  const compiled = await runtime.loadAndCompile(model, { accelerator: "wasm" })
  const directions = new Float32Array(rule.buffer, 0, rule.length / 4)
  return { about, compiled, directions, names: compiled.getOutputDetails().map(({ name }) => name) }
}

// Gives the answer to a picture and, where the model can tell, how like it is to what was learned.
// An error says in one word why there is none.
export async function answer(model, picture) {
  const { about } = model, given = await asked(model, prepared(picture, about.size))
  if (!given.values.every(Number.isFinite)) throw new Error("silent")
  return { task: about.task, ...TASKS[about.task].answer(about, given), ...given }
}

// pixels: size x size x 3 bytes.
export async function asked({ about, compiled, directions, names }, pixels) {
  const input = new Tensor(Float32Array.from(pixels), [1, about.size, about.size, 3])
  const outputs = await compiled.run([input])
  const arrays = outputs.map(tensor => Array.from(tensor.toTypedArray()))
  for (const tensor of [input, ...outputs]) tensor.delete()
  const found = Object.fromEntries(names.map((name, at) => [name, arrays[at]]))
  const canTell = found.features && about.threshold !== null && directions.length
  const values = TASKS[about.task].values(found, about)
  return { values, similarity: canTell ? similarity(directions, found.features) : null }
}

// The largest cosine to a prototype, which are of unit length.
export function similarity(directions, features) {
  const length = Math.hypot(...features) || 1
  let most = -1
  for (let at = 0; at < directions.length; at += features.length) {
    let sum = 0
    for (let k = 0; k < features.length; k++) sum += directions[at + k] * features[k]
    most = Math.max(most, sum / length)
  }
  return most
}

// A part lies packed in this page, or in a file beside it.
async function part(id) {
  const { dataset, textContent } = document.getElementById(id)
  return dataset.file ? fetched(dataset.file) : unpacked(textContent.trim())
}

async function fetched(file) {
  let answer
  try {
    answer = await fetch(file)
  } catch {
    throw new Error(location.protocol === "file:" ? "served" : "lost")
  }
  if (!answer.ok) throw new Error("lost")
  return new Uint8Array(await answer.arrayBuffer())
}

async function unpacked(text) {
  const packed = atob(text), bytes = new Uint8Array(packed.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = packed.charCodeAt(i)
  const whole = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))
  return new Uint8Array(await new Response(whole).arrayBuffer())
}
