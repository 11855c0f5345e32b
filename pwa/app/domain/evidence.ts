import type { Mark } from './marks'
import type { Place } from './records'

/** One page of several that belong together: a ledger, a contract. */
export interface DocumentPage {
  id: string
  page: number
  title?: string
}

/** What a photo says of itself (protocol §13.3). */
export interface PhotoManifest {
  at?: string | null
  clock_offset_ms?: number | null
  place?: Place | null
  officer_id?: number | null
  device?: string | null
  /** `marked`: drawn on a copy of the photo `of`. */
  source?: 'camera' | 'gallery' | 'marked' | null
  of?: string
  marks?: Mark[]
  document?: DocumentPage
}

/** A marked copy explains an original and never stands in for one; a photo that says nothing of itself is one. */
export function isOriginal(manifest: PhotoManifest | null | undefined): boolean {
  return manifest?.source !== 'marked'
}

export interface PhotoGroup<T> {
  /** '' for a photo by itself. */
  document: string
  title: string
  /** Each original with the copies drawn on it; a copy whose original is gone stands by itself. */
  photos: { photo: T; copies: T[] }[]
}

/** Photos as people look at them: by themselves in the order they came, then each document with its pages in order. */
export function groupPhotos<T extends { sha256: string; manifest: PhotoManifest }>(all: T[]): PhotoGroup<T>[] {
  const loose: PhotoGroup<T> = { document: '', title: '', photos: [] }
  const documents = new Map<string, PhotoGroup<T>>()
  const standing = new Set(all.map((photo) => photo.sha256))
  for (const photo of all) {
    const { of, document } = photo.manifest
    if (!isOriginal(photo.manifest) && standing.has(of ?? '')) continue
    const entry = { photo, copies: all.filter((copy) => !isOriginal(copy.manifest) && copy.manifest.of === photo.sha256) }
    if (!document) loose.photos.push(entry)
    else {
      const group = documents.get(document.id) ?? { document: document.id, title: document.title ?? '', photos: [] }
      documents.set(document.id, group)
      group.photos.push(entry)
    }
  }
  const inOrder = [...documents.values()]
  for (const group of inOrder) group.photos.sort((a, b) => (a.photo.manifest.document?.page ?? 0) - (b.photo.manifest.document?.page ?? 0))
  return loose.photos.length > 0 ? [loose, ...inOrder] : inOrder
}
