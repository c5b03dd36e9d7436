// Opens a camera; where that cannot be, the error says in one word why: the key of a sentence.
const REFUSALS = {
  NotAllowedError: "denied", SecurityError: "denied",
  NotFoundError: "missing", OverconstrainedError: "missing",
  NotReadableError: "busy", AbortError: "busy",
}

async function openCamera(size, id = "") {
  if (!window.isSecureContext) throw new Error("insecure")
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("unable")
  const wanted = { width: { ideal: size[0] }, height: { ideal: size[1] } }
  if (id) wanted.deviceId = { exact: id }
  try {
    return await navigator.mediaDevices.getUserMedia({ video: wanted })
  } catch (error) {
    throw new Error(REFUSALS[error.name] ?? "unable")
  }
}

// The light of the camera goes off with its last track.
function closeCamera(stream) {
  stream?.getTracks().forEach(track => track.stop())
}
