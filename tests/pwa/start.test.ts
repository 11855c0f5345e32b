// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { watch } from 'vue'
import { app, startApp } from '@/screens/store'
import { openPersonDb } from '@/storage/db'
import { putSetting, type Profile } from '@/storage/device'
import { adoptDevice, putServerState } from '@/storage/state'

test('no screen stands before it is known what the server last told: a photo taken at once names the clock offset', async () => {
  const db = await openPersonDb(1)
  await adoptDevice(db, 'dev_a')
  await putServerState(db, { clock_off_ms: 3_600_000 })
  db.close()
  await putSetting('profile', { person: { id: 1, account: 'a', name: '甲', locale: 'zh_CN' } } as unknown as Profile)
  const seen: (number | undefined)[] = []
  watch(() => app.isOpen, (isOpen) => isOpen && seen.push(app.server?.clock_off_ms), { flush: 'sync' })
  await startApp()
  expect(seen).toEqual([3_600_000])
})
