import { putSetting } from '@/storage/device'

/** Whether the browser keeps the stores for good, as far as that can be had without a question to the officer; null: nobody can tell. */
export async function keepQuietly(): Promise<boolean | null> {
  if (!navigator.storage?.persist) return null
  if (await navigator.storage.persisted()) return true
  return (await isAskedInSilence()) ? navigator.storage.persist() : false
}

/** Firefox puts the question to the officer, so that it waits for a tap beside the reason. Chromium and Safari decide by themselves. */
async function isAskedInSilence(): Promise<boolean> {
  if ('userAgentData' in navigator) return true // Chromium says `prompt` and shows nothing
  const asked = await navigator.permissions?.query?.({ name: 'persistent-storage' }).catch(() => null)
  return asked?.state !== 'prompt'
}

/** Upon a tap: the browser may ask. That it was asked in vain is remembered, so that nobody is held up by it each morning. */
export async function askToKeep(): Promise<boolean | null> {
  if (!navigator.storage?.persist) return null
  const isKept = (await navigator.storage.persisted()) || (await navigator.storage.persist())
  await putSetting('keeping_refused', !isKept)
  return isKept
}
