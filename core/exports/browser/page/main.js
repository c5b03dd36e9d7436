// Wires the page: opens the model, then answers photos and the camera, one picture at a time.
import { cameraView } from "./camera.js"
import { answer, asked, openedModel } from "./model.js"
import { photoList } from "./photos.js"
import { opened } from "./pixels.js"
import { label, speak, spoken, t } from "./words.js"

const about = JSON.parse(document.getElementById("about").textContent)
const at = id => document.getElementById(id)
let queue = Promise.resolve()  // pictures wait for one another
let told = ""  // the key of what is said now, which follows the language

// What has no key is an answer that is seen elsewhere: only read out.
function tell(text, key = "") {
  told = key
  at("status").classList.toggle("heard", !key)
  at("status").textContent = text
}

// Those who wait for the model have their answer when it is there, or its error.
async function start() {
  speak(about.texts)
  const model = openedModel(about)
  const ask = picture => queue = queue.catch(() => {}).then(async () => answer(await model, picture))
  const photos = photoList(at("photos"), ask, tell)
  const camera = cameraView(ask, tell, (picture, found) => photos.keep(t("kept"), picture, found))
  at("files").onchange = ({ target }) => { photos.add(target.files); target.value = "" }
  choose(() => { photos.draw(); camera.draw() })
  globalThis.thaw = {  // for those who try the page by a program
    ready: model.then(() => true),
    answerPixels: async pixels => asked(await model, pixels),
    answerFile: async file => ask(await opened(file)),
  }
  thaw.ready.catch(() => {})  // said below
  tell(t("loading"), "loading")
  await model.then(() => tell(t("ready"), "ready"), error => fail(error))
}

function fail(error) {
  const key = ["old", "served", "lost"].includes(error.message) ? error.message : "broken"
  tell(t(key), key)
  for (const id of ["files", "toggle"]) at(id).disabled = true
  at("pick").classList.add("disabled")
  console.error(error)
}

function choose(redraw) {
  const choice = at("language")
  choice.replaceChildren(...Object.entries(about.languages).map(([name, title]) => new Option(title, name)))
  choice.value = spoken()
  choice.onchange = () => {
    speak(about.texts, [choice.value])
    relabelAll()
    redraw()
  }
  relabelAll()
}

function relabelAll() {
  label(document)
  at("facts").replaceChildren(...about.facts[spoken()].map(fact => Object.assign(document.createElement("li"), { textContent: fact })))
  if (told) at("status").textContent = t(told)
}

start()
