import { exportUnsent, noteExported, saveFile, type Export } from '@/storage/export'
import { APP_VERSION, app, db } from './store'

/** Hands the unsent work to the person as a file; answers what is in it. */
export async function downloadUnsent(): Promise<Export> {
  const account = app.profile?.person.account ?? ''
  const now = Date.now()
  const made = await exportUnsent(db(), account, APP_VERSION, now)
  saveFile(made.zip, `suicha-${account || 'export'}-${new Date(now).toISOString().slice(0, 10)}.zip`)
  await noteExported(db(), now)
  return made
}
