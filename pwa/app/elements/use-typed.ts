import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'
import { db, writing } from '@/screens/store'
import { onFlush, trackWrite } from '@/screens/writes'
import type { DraftKey } from '@/storage/db'
import { dropTyped, findTyped, keepTyped } from '@/storage/drafts'

/** No keystroke is off the disk longer than this. */
const KEEP_MS = 250
/** A typing pause after which a complete value is written without waiting for the finger to leave the field. */
const TYPING_PAUSE_MS = 1_500

export type Parts = Record<string, string>

/** `written`: handed on as an operation; `same`: equal to what is stored; `open`: not a value yet. */
export type Committed = 'written' | 'same' | 'open'

export interface TypedSource {
  /** Where the text belongs while it is no value yet. */
  key: DraftKey
  /** What the store holds, as text; shown whenever nothing is being typed. */
  stored(): Parts
  isDisabled(): boolean
  read(): Parts
  show(parts: Parts): void
  commit(): Committed
}

export interface Typed {
  /** `kept`: typed, on disk, but no value yet; `failed`: only on this page. */
  state: Ref<'none' | 'kept' | 'failed'>
  touch(): void
  flush(): void
  /** Forgets what was typed, because it was written by other means. */
  clear(): void
}

/**
 * A typed field that loses nothing: raw text is on disk within moments, becomes an operation as soon as it is a
 * value (on change, after a pause, before the screen is left or hidden), and comes back as typed when it is not.
 */
export function useTyped(source: TypedSource): Typed {
  const state = ref<'none' | 'kept' | 'failed'>('none')
  let isDirty = false
  let isOnDisk = false
  let isOpen = false
  let keepTimer: ReturnType<typeof setTimeout> | undefined
  let pauseTimer: ReturnType<typeof setTimeout> | undefined

  function settle(): void {
    isDirty = false
    isOpen = false
    state.value = 'none'
    clearTimeout(keepTimer)
    clearTimeout(pauseTimer)
    keepTimer = undefined
  }

  function keep(): void {
    clearTimeout(keepTimer)
    keepTimer = undefined
    isOnDisk = true
    void trackWrite(writing((store) => keepTyped(store, source.key, source.read()))).then(
      () => isDirty && (state.value = isOpen ? 'kept' : 'none'),
      () => isDirty && (state.value = 'failed'),
    )
  }

  function drop(): void {
    if (isOnDisk) void trackWrite(writing((store) => dropTyped(store, source.key))).catch(() => undefined)
    isOnDisk = false
  }

  function flush(): null {
    if (!isDirty) return null
    const committed = source.commit()
    if (committed === 'open') {
      isOpen = true
      if (keepTimer !== undefined) keep()
      else if (isOnDisk && state.value === 'none') state.value = 'kept'
      return null
    }
    settle()
    // An operation takes the draft with it in its own transaction; if it cannot be written, the draft stays.
    if (committed === 'written') isOnDisk = false
    else drop()
    return null
  }

  function touch(): void {
    isDirty = true
    keepTimer ??= setTimeout(keep, KEEP_MS)
    clearTimeout(pauseTimer)
    pauseTimer = setTimeout(flush, TYPING_PAUSE_MS)
  }

  async function restore(): Promise<void> {
    const found = await findTyped(db(), source.key)
    if (!found || isDirty || source.isDisabled()) return
    source.show(found.parts)
    isDirty = true
    isOnDisk = true
    flush() // complete, only killed before it was written
  }

  // By content: a store that was read again brings equal values in new objects, over which one may be typing.
  watch(
    [() => JSON.stringify(source.stored()), () => source.isDisabled()],
    ([, isDisabled]) => {
      if (isDisabled) flush() // the last words before a lock still go their way
      if (isDisabled) settle()
      if (!isDirty) source.show(source.stored())
    },
    { immediate: true },
  )
  const forget = onFlush(flush)
  onMounted(() => void restore().catch(() => undefined))
  onBeforeUnmount(() => {
    flush()
    forget()
    clearTimeout(keepTimer)
    clearTimeout(pauseTimer)
  })
  return {
    state,
    touch,
    flush,
    clear() {
      settle()
      drop()
    },
  }
}
