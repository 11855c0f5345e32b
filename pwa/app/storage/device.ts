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
  accounts: { key: string; value: Account }
}

const open = () =>
  openDB<DeviceSchema>('suicha-device', 1, {
    upgrade(db) {
      db.createObjectStore('settings')
      db.createObjectStore('accounts', { keyPath: 'account' })
    },
  })

/** Several at once, null for what was never put: at the start each opening of the store is waited for. */
export async function getSettings(...names: string[]): Promise<unknown[]> {
  const db = await open()
  const { store } = db.transaction('settings')
  const values = await Promise.all(names.map((name) => store.get(name)))
  db.close()
  return values.map((value) => value ?? null)
}

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

export interface Account {
  account: string
  device: string
  person_id: number | null
  /** The person's name, for whoever holds the phone next; absent in older stores. */
  name?: string
  /** A copy: the person's stores may be cleared without this one (F17). */
  push_credential?: string
}

export async function findAccount(account: string): Promise<Account | null> {
  const db = await open()
  const found = await db.get('accounts', account)
  db.close()
  return found ?? null
}

export async function listAccounts(): Promise<Account[]> {
  const db = await open()
  const all = await db.getAll('accounts')
  db.close()
  return all
}

export async function dropAccount(account: string): Promise<void> {
  const db = await open()
  await db.delete('accounts', account)
  db.close()
}

export async function putDevice(account: string, device: string, personId: number | null, more: { credential?: string | undefined; name?: string } = {}): Promise<void> {
  const db = await open()
  const before = await db.get('accounts', account)
  const [push_credential, name] = [more.credential ?? before?.push_credential, more.name ?? before?.name]
  await db.put('accounts', { account, device, person_id: personId, ...(name ? { name } : {}), ...(push_credential ? { push_credential } : {}) })
  db.close()
}
