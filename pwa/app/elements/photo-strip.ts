import { later } from '@/screens/later'

const load = () => import('./PhotoStrip.vue')
/** The camera and all that comes of a photo: no part of the first screen, and there before the first list is opened. */
export const PhotoStrip = later(load)
setTimeout(() => void load().catch(() => undefined), 1_000)
