import { expect, test } from 'vitest'
import { useKeeping } from '@/elements/use-keeping'
import type { Origin } from '@/screens/capture'
import type { PhotoModel } from '@/sync/inspection-view'

test('a page taken again whose old one could not be removed is tried from there, and not taken twice', async () => {
  const did: string[] = []
  let isStoreBroken = true
  const keeping = useKeeping({
    capture: async () => void did.push('captured'),
    async remove(photo) {
      if (isStoreBroken) throw new Error('the store is closed')
      did.push(`removed ${photo.sha256}`)
    },
    done: (origin) => void did.push(`done ${origin.source}`),
  })
  const origin: Origin = { source: 'camera', document: { id: 'd', page: 1 } }
  expect(await keeping.keep(new File(['x'], 'page.jpg'), origin, { sha256: 'old' } as PhotoModel)).toBe(false)
  expect(keeping.problem.value).toBe('新照片已保存，被替换的一张还没有删除。请点“重试”。')
  isStoreBroken = false
  expect(await keeping.retry()).toBe(true)
  expect(did).toEqual(['captured', 'removed old', 'done camera'])
  expect([keeping.message.value, keeping.problem.value, keeping.failed.value]).toEqual(['saved', '', null])
})
