import { exportUnsent } from '@/storage/export'
import { app, db } from './store'

/** Hands the unsent work to the person as a file; answers how many records are in it. */
export async function downloadUnsent(): Promise<number> {
  const { text, count } = await exportUnsent(db(), app.profile?.person.account ?? '')
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `suicha-${app.profile?.person.account ?? 'export'}-${new Date().toISOString().slice(0, 10)}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  return count
}
