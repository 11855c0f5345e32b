/**
 * Fills the person's stores in the open page: what the app itself keeps of two inspections (one entered, one under way)
 * and of one photo is copied under other ids, in the store's own form.
 */
async ({ inspections, open, photos, thumbBytes }) => {
  const { name } = (await indexedDB.databases()).find((one) => /^suicha-\d+$/.test(one.name))
  const wait = (request) => new Promise((done, fail) => ((request.onsuccess = () => done(request.result)), (request.onerror = () => fail(request.error))))
  const db = await wait(indexedDB.open(name))
  const read = (store) => wait(db.transaction(store).objectStore(store).getAll())
  const [rows, cursors, outbox, metas] = [await read('rows'), await read('cursors'), await read('outbox'), await read('photos_meta')]
  const counter = await wait(db.transaction('meta').objectStore('meta').get('counter'))
  const hex = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((one) => one.toString(16).padStart(2, '0')).join('')
  const write = async (stores, work) => {
    const tx = db.transaction(stores, 'readwrite', { durability: 'relaxed' })
    work((store) => tx.objectStore(store))
    await new Promise((done, fail) => ((tx.oncomplete = done), (tx.onabort = () => fail(tx.error))))
  }

  const sizeOf = (space) => rows.filter((row) => row.space === space).length
  const templates = cursors.filter(({ space }) => space.startsWith('insp:')).sort((a, b) => sizeOf(b.space) - sizeOf(a.space))
  const [full, begun] = templates
  const user = cursors.find(({ space }) => space.startsWith('user:'))
  const assignment = rows.find((row) => row.t === 'assignment')
  const entered = { by: { id: 1, name: '测量员1' }, at: '2026-03-04T08:00:00Z', op: crypto.randomUUID(), version: 1 }
  const places = ['北留镇', '润城镇', '凤城镇', '町店镇', '芹池镇']
  const spaces = []
  for (let from = 0; from < inspections; from += 50) {
    await write(['rows', 'cursors'], (store) => {
      for (let n = from; n < Math.min(from + 50, inspections); n += 1) {
        const isOpen = n >= inspections - open // the newest
        const like = isOpen ? begun : full
        const id = `9${String(n).padStart(6, '0')}`
        const space = `insp:${id}`
        spaces.push(space)
        store('cursors').put({ ...like, space })
        if (assignment) store('rows').put({ ...assignment, space: user.space, id: `assignment:${id}`, fields: { ...assignment.fields, space } })
        for (const row of rows.filter((one) => one.space === like.space)) {
          const copy = { ...row, space }
          if (row.t === 'inspection') {
            copy.id = `inspection:${id}`
            copy.fields = { ...row.fields, number: `2026-${id}`, planned_on: `2026-0${1 + (n % 9)}-1${n % 9}`,
              firm: { ...row.fields.firm, name: `测量运输企业${n}号`, address: `阳城县${places[n % 5]}`, uscc: `91140522MA${String(n).padStart(8, '0')}` } }
          }
          if (row.t === 'sheet' && !isOpen) {
            copy.fields = { ...row.fields, state: 'entered', ended_on: '2026-03-04', submitted: entered, accepted: entered, entered,
              results: { BEN: 1 }, result: 1 }
          }
          store('rows').put(copy)
        }
      }
    })
  }
  const [entry] = outbox.filter((one) => one.body.kind === 'photo.attach')
  const [meta] = metas
  const thumb = new Uint8Array(thumbBytes)
  thumb.set(new Uint8Array(meta.thumb).subarray(0, thumbBytes))
  const codes = [...new Set(rows.filter((row) => row.t === 'sheet').flatMap((row) => row.fields.lists.flatMap((list) => list.items)))]
  let { seq } = counter
  for (let from = 0; from < photos; from += 500) {
    await write(['outbox', 'photos_meta', 'meta'], (store) => {
      for (let n = from; n < Math.min(from + 500, photos); n += 1) {
        seq += 1
        const [op, sha256, space] = [crypto.randomUUID(), hex(32), spaces[inspections - 1 - (n % open)]]
        const entity = `answer:tr/${codes[Math.floor(n / open) % codes.length]}`
        const body = { ...entry.body, op, seq, space, entity, prev: hex(32), photo: { ...entry.body.photo, sha256 } }
        store('outbox').put({ ...entry, seq, op, space, entity, body, sha256: hex(32) })
        store('photos_meta').put({ ...meta, sha256, space, entity, op, thumb: thumb.slice().buffer })
      }
      store('meta').put({ ...counter, seq, prev: hex(32) }, 'counter')
    })
  }
  const count = async (store) => wait(db.transaction(store).objectStore(store).count())
  const told = { rows: await count('rows'), outbox: await count('outbox'), photos: await count('photos_meta') }
  db.close()
  return told
}
