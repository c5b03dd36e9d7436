// Sends files to the upload route: what they are and their bytes in one body; four tries.
async function post({ url, ticket }, items, { signal, stopped = () => false } = {}) {
  const manifest = new TextEncoder().encode(JSON.stringify(
    items.map(({ id, path, file, offset, total }) => [id, path, file.size, offset, total])))
  const head = new Uint8Array(4)
  new DataView(head.buffer).setUint32(0, manifest.length)
  const body = new Blob([head, manifest, ...items.map(item => item.file)])
  for (let attempt = 0; attempt < 4 && !stopped(); attempt++) {
    try {
      const answer = await fetch(url, {
        method: "POST", body, signal,
        headers: { "x-upload-ticket": ticket, "content-type": "application/octet-stream" },
      })
      if (answer.ok) return true
      if (answer.status < 500) return false
    } catch (error) {
      if (stopped()) return false
    }
    await new Promise(ok => setTimeout(ok, 500 * 2 ** attempt))
  }
  return false
}
