import { getSetting } from '@/storage/device'

/** Null where the browser does not tell. */
export async function readCameraPermission(): Promise<PermissionState | null> {
  // Firefox before 131 and Safari before 16 do not know the name.
  const asked = await navigator.permissions?.query?.({ name: 'camera' as PermissionName }).catch(() => null)
  return asked?.state ?? null
}

/**
 * `prompt`: the browser will ask somebody who has not been told why. Where it asks each time, or does not tell, a phone
 * on which the camera has been open before counts as `unknown`.
 */
export async function readCameraState(): Promise<PermissionState | 'unknown'> {
  const state = await readCameraPermission()
  if (state === 'granted' || state === 'denied') return state
  return (await getSetting<boolean>('camera_opened')) ? 'unknown' : 'prompt'
}
