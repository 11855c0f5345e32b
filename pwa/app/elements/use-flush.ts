import { onBeforeUnmount, ref, type Ref } from 'vue'
import { onFlush } from '@/screens/writes'

/** A typing pause after which a field is saved without waiting for the finger to leave it. */
const TYPING_PAUSE_MS = 1_500

/** Saves a typed field on change, after a pause, and before the screen is left or hidden. */
export function useFlush(commit: () => void): { isDirty: Ref<boolean>; touch(): void; done(): void } {
  const isDirty = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    if (isDirty.value) commit()
    return null
  }
  const forget = onFlush(flush)
  onBeforeUnmount(() => {
    flush()
    forget()
    clearTimeout(timer)
  })
  return {
    isDirty,
    touch() {
      isDirty.value = true
      clearTimeout(timer)
      timer = setTimeout(flush, TYPING_PAUSE_MS)
    },
    done() {
      isDirty.value = false
      clearTimeout(timer)
    },
  }
}
