// What differs between a model that names classes and one that reads a number off a picture.
import { percent, t } from "./words.js"

// values: of the outputs of the network by their names, as they are compared when the page is tried.
// answer: of these values; words: what is said of an answer, in the language that is spoken now.
export const TASKS = {
  classification: { values: everyShare, answer: named, words: ofClass },
  regression: { values: ({ number }) => number, answer: readOff, words: ofNumber },
}

function everyShare({ probabilities }, { output }) {
  return output === "sigmoid" ? [1 - probabilities[0], probabilities[0]] : probabilities
}

function named({ labels, threshold }, { values, similarity }) {
  const bars = labels.map((label, at) => ({ label, share: values[at] }))
  const isUnknown = similarity !== null && similarity < threshold
  return { bars: bars.sort((a, b) => b.share - a.share), isUnknown }
}

function ofClass({ bars: [best], isUnknown }) {
  if (isUnknown) return { said: t("unknown"), note: t("nearest", { label: best.label }), sentence: t("unknown"), key: "" }
  return { said: best.label, note: "", sentence: `${best.label}, ${percent(best.share)}`, key: best.label }
}

function readOff({ target }, { values: [number] }) {
  const isBeyond = !(target.known[0] <= number && number <= target.known[1])
  const half = isBeyond ? null : target.half  // of a guess there is no range
  const [low, high] = half === null ? [null, null] : [number - half, number + half]
  return { bars: [], target, number, low, high, isBeyond }
}

// Two answers are as good as one where they are within a quarter of how far numbers spread.
function ofNumber({ target, number, low, high, isBeyond }) {
  const written = inUnit(target, number)
  const within = low === null ? "" : t("within", { range: inUnit(target, low, high) })
  const note = isBeyond ? t("beyond", { range: inUnit(target, target.lowest, target.highest) }) : within
  return {
    said: target.name ? t("asRead", { name: target.name, number: written }) : written,
    note,
    sentence: t(note ? "endedAnd" : "ended", { text: written, more: note }),
    key: `${Math.round(4 * number / (target.deviation || 1))}`,
  }
}

// Writes a number or its bounds, the unit once; there is no -0.
function inUnit({ unit, decimals }, ...numbers) {
  const written = numbers.map(number => number.toFixed(decimals).replace(/^-(?=[0.]*$)/, ""))
  const [low, high] = decimals > 8 ? written.map(text => String(Number(text))) : written  // 3e-9
  const told = high === undefined ? low : t("range", { low, high })
  return `${told}${unit && unit !== "%" ? " " : ""}${unit}`
}
