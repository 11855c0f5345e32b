// The official tus client in Node, one job per run: reads {endpoint, headers, photos, job, folder}
// from stdin, answers one JSON line on stdout.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(process.argv[2])
const tus = require('tus-js-client')
const task = JSON.parse(await new Response(process.stdin).text())
const told = { answers: [] }

function options(photo, more = {}) {
  const data = Buffer.from(photo.base64, 'base64')
  return {
    endpoint: task.endpoint,
    headers: task.headers,
    metadata: { sha256: photo.sha256, op: photo.op },
    uploadSize: data.length,
    chunkSize: task.chunk ?? Infinity,
    uploadDataDuringCreation: task.along ?? false,
    retryDelays: [10, 50, 200, 500],
    // A file each: its lock is not made for four uploads at once on a busy machine.
    urlStorage: new tus.FileUrlStorage(join(task.folder, `${photo.sha256}.json`)),
    fingerprint: async () => photo.sha256,
    onBeforeRequest(request) {
      if (!task.checksum || request.getMethod() !== 'PATCH') return
      const from = Number(request.getHeader('Upload-Offset'))
      const part = data.subarray(from, Math.min(data.length, from + (task.chunk ?? data.length)))
      const bytes = task.checksum === 'wrong' ? Buffer.concat([part, Buffer.from('x')]) : part
      request.setHeader('Upload-Checksum', `sha256 ${createHash('sha256').update(bytes).digest('base64')}`)
    },
    onAfterResponse(request, response) {
      const { method, status } = { method: request.getMethod(), status: response.getStatus() }
      told.answers.push([method, status, response.getHeader('Upload-Offset') ?? null])
    },
    ...more,
  }
}

function send(photo, more) {
  const data = Buffer.from(photo.base64, 'base64')
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(data, options(photo, { ...more?.(() => upload, resolve), onSuccess: () => resolve(upload), onError: reject }))
    upload.findPreviousUploads().then((found) => {
      told.resumed = found.length
      if (found.length > 0) upload.resumeFromPreviousUpload(found[0])
      upload.start()
    })
  })
}

const jobs = {
  // as far as half, then the process ends in the middle of things
  cut: () =>
    send(task.photos[0], () => ({
      onChunkComplete(_size, accepted, total) {
        if (accepted * 2 < total) return
        console.log(JSON.stringify({ ...told, accepted, total, stored: existsSync(join(task.folder, `${task.photos[0].sha256}.json`)) }))
        process.kill(process.pid, 'SIGKILL')
      },
    })),
  send: () => send(task.photos[0]),
  end: () =>
    send(task.photos[0], (upload, resolve) => ({
      onChunkComplete: () => upload().abort(true).then(() => resolve(upload())),
    })),
  async many() {
    const waiting = [...task.photos]
    const lane = async () => {
      for (let photo = waiting.shift(); photo; photo = waiting.shift()) await send(photo)
    }
    await Promise.all([lane(), lane(), lane(), lane()])
  },
}

try {
  const upload = await jobs[task.job]()
  console.log(JSON.stringify({ ...told, url: upload?.url ?? null, error: null }))
} catch (error) {
  const body = error.originalResponse?.getBody() ?? ''
  console.log(JSON.stringify({ ...told, error: error.message, status: error.originalResponse?.getStatus() ?? null, body }))
}
