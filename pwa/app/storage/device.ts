import { openDB, type DBSchema } from 'idb'
import type { SessionAnswer } from '@/net/session'

/** What the phone must know before it knows who holds it: the last person, and each account's device id. */
export interface Profile {
  person: SessionAnswer['person']
  jurisdiction: SessionAnswer['jurisdiction']
  department: SessionAnswer['department']
  officer: SessionAnswer['officer']
  roles: string[]
}

interface DeviceSchema extends DBSchema {
  settings: { key: string; value: unknown }
  accounts: { key: string; value: { account: string; device: string; person_id: number | null } }
}

const open = () =>
  openDB<DeviceSchema>('suicha-device', 1, {
    upgrade(db) {
      db.createObjectStore('settings')
      db.createObjectStore('accounts', { keyPath: 'account' })
    },
  })

export async function getSetting<T>(name: string): Promise<T | null> {
  const db = await open()
  const value = (await db.get('settings', name)) as T | undefined
  db.close()
  return value ?? null
}

export async function putSetting(name: string, value: unknown): Promise<void> {
  const db = await open()
  await db.put('settings', value, name)
  db.close()
}

export async function findDevice(account: string): Promise<string | null> {
  const db = await open()
  const found = await db.get('accounts', account)
  db.close()
  return found?.device ?? null
}

export async function putDevice(account: string, device: string, personId: number | null): Promise<void> {
  const db = await open()
  await db.put('accounts', { account, device, person_id: personId })
  db.close()
}
