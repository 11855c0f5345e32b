import { computed, ref, shallowRef, watch } from 'vue'
import type { PhotoModel } from '@/sync/inspection-view'

/**
 * The photo that is looked at, by its hash. Taken off the item meanwhile, by a colleague or on another phone, it stays in
 * view and is said to be gone: no other comes in its place under the eyes, or the pen, of who looks at it.
 */
export function useHeldPhoto(photos: () => PhotoModel[], first: string) {
  const sha256 = ref(first)
  const found = computed(() => photos().findIndex((one) => one.sha256 === sha256.value))
  const photo = shallowRef<PhotoModel | null>(null)
  const place = ref(0)
  watch(
    [found, photos],
    () => {
      if (found.value < 0) return
      photo.value = photos()[found.value]!
      place.value = found.value
    },
    { immediate: true, flush: 'sync' },
  )
  const isGone = computed(() => found.value < 0)
  /** What came after a photo that is gone stands in its place now. */
  const before = computed(() => photos()[place.value - 1] ?? null)
  const after = computed(() => photos()[isGone.value ? place.value : place.value + 1] ?? null)
  const go = (to: PhotoModel | null) => {
    if (to) sha256.value = to.sha256
  }
  return { photo, place, isGone, before, after, go }
}
