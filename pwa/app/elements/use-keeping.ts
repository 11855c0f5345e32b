import { ref, shallowRef } from 'vue'
import { t, type Key } from '@/i18n'
import { PhotoRefused, type Origin } from '@/screens/capture'
import { findStoreFault } from '@/storage/atomic'
import type { PhotoModel } from '@/sync/inspection-view'

/** A picture the store could not take whole: kept on this page, so that it need not be taken again. */
interface Failed {
  file: File
  origin: Origin
  replaces: PhotoModel | null
  /** The picture is safe, what it replaces still stands: only its removal is left to do. */
  isSafe: boolean
}

interface Ways {
  capture(file: File, origin: Origin): Promise<void>
  remove(photo: PhotoModel): Promise<void>
  /** All is on disk, at the first try or a later one. */
  done(origin: Origin): void
}

/** Keeps pictures, says how far it came and what went wrong, and goes on from there. */
export function useKeeping({ capture, remove, done }: Ways) {
  const message = ref<'' | 'saving' | 'saved'>('')
  const problem = ref('')
  const failed = shallowRef<Failed | null>(null)

  /** True when the picture is safe. What it `replaces` goes after that, and never before. */
  async function keep(file: File, origin: Origin, replaces: PhotoModel | null = null, isSafe = false): Promise<boolean> {
    problem.value = ''
    failed.value = null
    message.value = 'saving'
    try {
      if (!isSafe) await capture(file, origin)
      isSafe = true
      if (replaces) await remove(replaces)
      message.value = 'saved'
      done(origin)
      return true
    } catch (error) {
      message.value = ''
      if (error instanceof PhotoRefused) problem.value = t(error.code as Key)
      else {
        failed.value = { file, origin, replaces, isSafe }
        problem.value = t(isSafe ? 'photo.old_stays' : findStoreFault(error) === 'full' ? 'photo.save_full' : 'photo.save_failed')
      }
      return false
    }
  }
  const retry = () => failed.value && keep(failed.value.file, failed.value.origin, failed.value.replaces, failed.value.isSafe)

  return { message, problem, failed, keep, retry }
}
