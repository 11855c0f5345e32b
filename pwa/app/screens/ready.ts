import type { Facts } from '@/domain/readiness'
import { getSetting } from '@/storage/device'
import { findFreeBytes } from '@/storage/room'
import { readCameraState } from './camera-permission'
import { app } from './state'

/** What this phone can say of itself; nothing here asks the person for anything. */
export async function readFacts(hasAllLists: boolean): Promise<Facts> {
  const [freeBytes, camera, refused] = await Promise.all([findFreeBytes(), findCamera(), getSetting<boolean>('keeping_refused')])
  const server = app.server
  return {
    now: Date.now(),
    sessionUntil: server?.session_until ?? null,
    needsSignIn: server?.needs_sign_in ?? false,
    hasAllLists,
    lastContact: server?.last_contact ?? null,
    isUpdateWaiting: app.isUpdateWaiting,
    needsUpgrade: server?.needs_upgrade ?? false,
    freeBytes,
    isPersisted: server?.persisted ?? null,
    isKeepingRefused: refused ?? false,
    clockOffMs: server?.clock_off_ms ?? 0,
    camera,
  }
}

async function findCamera(): Promise<Facts['camera']> {
  const devices = await navigator.mediaDevices?.enumerateDevices?.().catch(() => null)
  if (devices && !devices.some((one) => one.kind === 'videoinput')) return 'none'
  return navigator.mediaDevices ? readCameraState() : 'unknown'
}

/** Asks for the camera here and now, where the officer knows why; the picture is not kept. */
export async function tryCamera(): Promise<void> {
  const { openLens } = await import('./lens')
  await openLens().then((lens) => lens.close(), () => undefined)
}
