import { ref } from 'vue'
import { putSetting } from '@/storage/device'
import { readCameraPermission } from './camera-permission'

/** The phone's camera inside the page: an app of its own may push this page out of a small memory, with the form. */
export interface Lens {
  stream: MediaStream
  /** The picture as the camera made it: its bytes are the evidence. */
  take(video: HTMLVideoElement): Promise<File>
  /** Null where there is no lamp. */
  light: ((isOn: boolean) => Promise<void>) | null
  close(): void
}

/** Not in every browser, and not in TypeScript's own list. */
interface StillCamera {
  takePhoto(): Promise<Blob>
}
type StillCameraMaker = new (track: MediaStreamTrack) => StillCamera

const JPEG_QUALITY = 0.92

/** Refused since the app was opened: nobody is asked again at the next entry. */
export const isLensRefused = ref(false)

/** Whether a picture can be taken inside the page; asks nobody. */
export async function canOpenLens(): Promise<boolean> {
  if (!navigator.mediaDevices?.getUserMedia) return false
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => [])
  if (!devices.some((one) => one.kind === 'videoinput')) return false
  const state = await readCameraPermission()
  if (state === 'granted') isLensRefused.value = false // allowed in the browser's settings meanwhile
  return state !== 'denied'
}

/** Opens the camera at the back; the browser may ask. Raises what the browser raises when it is refused or gone. */
export async function openLens(): Promise<Lens> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 4096 }, height: { ideal: 3072 } },
  })
  void putSetting('camera_opened', true).catch(() => undefined)
  const track = stream.getVideoTracks()[0]!
  const Maker = (globalThis as { ImageCapture?: StillCameraMaker }).ImageCapture
  const still = Maker ? new Maker(track) : null
  const can = track.getCapabilities?.() as (MediaTrackCapabilities & { torch?: boolean }) | undefined
  return {
    stream,
    take: async (video) => asFile((await takeStill(still)) ?? (await takeFrame(video))),
    light: can?.torch ? (isOn) => track.applyConstraints({ advanced: [{ torch: isOn } as MediaTrackConstraintSet] }) : null,
    close: () => stream.getTracks().forEach((one) => one.stop()),
  }
}

/** The sensor's own picture, larger than the moving one; some phones promise it and then fail. */
async function takeStill(still: StillCamera | null): Promise<Blob | null> {
  const blob = await still?.takePhoto().catch(() => null)
  return blob && blob.size > 0 ? blob : null
}

async function takeFrame(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', JPEG_QUALITY))
  if (!blob || blob.size === 0) throw new Error('the camera gave no picture')
  return blob
}

function asFile(blob: Blob): File {
  return new File([blob], `IMG_${Date.now()}.jpg`, { type: blob.type || 'image/jpeg', lastModified: Date.now() })
}
