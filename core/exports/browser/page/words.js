// The texts of the page, in the language of the browser or in the one that was chosen.
import { even } from "./pixels.js"

const state = { texts: {}, language: "en" }

// all: of each language its texts by their keys.
export function speak(all, wanted = navigator.languages ?? [navigator.language]) {
  state.texts = all
  state.language = closest(wanted, Object.keys(all))
}

// Gives a text; a language that lacks it has it in English.
export function t(key, values = {}) {
  const text = state.texts[state.language]?.[key] ?? state.texts.en?.[key] ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}

export function spoken() {
  return state.language
}

// zh-Hans-CN is zh_CN; of several wishes the first that can be had; else English.
export function closest(wanted, known) {
  for (const wish of wanted) {
    const found = known.find(one => one.slice(0, 2) === String(wish).slice(0, 2).toLowerCase())
    if (found) return found
  }
  return "en"
}

// Whole percent; all is only said of all.
export function percent(share) {
  const whole = even(share * 100)
  if (whole === 100 && share < 1) return t("over")
  return whole === 0 && share > 0 ? t("under") : `${whole}%`
}

// Writes each text of the document where it belongs.
export function label(root) {
  document.documentElement.lang = state.language.replace("_", "-")
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text)
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label))
}
