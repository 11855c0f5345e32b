import { expect, test } from 'vitest'
import { shallowRef } from 'vue'
import { useHeldPhoto } from '@/elements/use-held-photo'
import type { PhotoModel } from '@/sync/inspection-view'

const named = (...all: string[]) => all.map((sha256) => ({ sha256 }) as PhotoModel)

test('a photo taken off while it is looked at stays in view, said to be gone, with its neighbours beside it', () => {
  const photos = shallowRef(named('a', 'b', 'c'))
  const held = useHeldPhoto(() => photos.value, 'b')
  expect([held.photo.value?.sha256, held.place.value, held.isGone.value]).toEqual(['b', 1, false])
  photos.value = named('a', 'c')
  expect([held.photo.value?.sha256, held.isGone.value]).toEqual(['b', true])
  expect([held.before.value?.sha256, held.after.value?.sha256]).toEqual(['a', 'c'])
  photos.value = []
  expect([held.photo.value?.sha256, held.before.value, held.after.value]).toEqual(['b', null, null])
  photos.value = named('a', 'c')
  held.go(held.after.value)
  expect([held.photo.value?.sha256, held.isGone.value]).toEqual(['c', false])
})

test('of a photo that stays the latest state is shown', () => {
  const photos = shallowRef(named('a', 'b'))
  const held = useHeldPhoto(() => photos.value, 'b')
  photos.value = [{ sha256: 'b', isStored: true } as PhotoModel]
  expect([held.photo.value?.isStored, held.place.value]).toEqual([true, 0])
})
