import { isOriginal } from '@/domain/evidence'
import type { InspectionFields, Place } from '@/domain/records'
import { formatBytes, LANG, locale, t } from '@/i18n'
import type { PhotoModel, SheetModel } from '@/sync/inspection-view'
import { db } from './store'

/** What a photo's facts are told with: the firm and the team of its inspection. */
export async function readAbout(space: string): Promise<InspectionFields | null> {
  const row = await db().get('rows', [space, `inspection:${space.slice('insp:'.length)}`])
  return (row?.fields as InspectionFields | undefined) ?? null
}

export interface Fact {
  label: string
  text: string
}

/** All that is known of a photo, in words. A marked copy is of the time and place of its `original`. */
export function listFacts(photo: PhotoModel, original: PhotoModel, about: InspectionFields | null, itemText: string): Fact[] {
  const { at, place, officer_id, source, document } = original.manifest
  const isCopy = !isOriginal(photo.manifest)
  return [
    { label: t('view.item'), text: itemText },
    { label: t('view.at'), text: at ? formatMoment(at) : t('view.unknown') },
    { label: t('view.place'), text: place ? placeText(place) : t('view.no_place') },
    { label: t('view.officer'), text: nameOf(about, officer_id) || t('view.unknown') },
    { label: t('view.source'), text: isCopy ? t('view.source_marked') : t(source === 'gallery' ? 'view.source_gallery' : 'view.source_camera') },
    ...(document ? [{ label: t('document.title'), text: `${document.title || t('document.untitled')} ${t('document.page', { n: document.page })}` }] : []),
    { label: t('view.size'), text: formatBytes(photo.bytes) },
    { label: t('view.hash'), text: photo.sha256.slice(0, 16) },
    { label: t('view.state'), text: t(photo.isStored ? 'item.photo_stored' : 'item.photo_waiting') },
  ]
}

/** The lines of the stamp: firm, item, time and place, who was there. */
export function listStampLines(photo: PhotoModel, original: PhotoModel, about: InspectionFields | null, itemText: string, sheet: SheetModel): string[] {
  const { at, place, source } = original.manifest
  const team = about?.team.filter((one) => sheet.attendance.arrived.has(one.officer_id)) ?? []
  const names = team.length > 0 ? team.map((one) => one.name) : [nameOf(about, original.manifest.officer_id)]
  return [
    about?.firm.name ?? '',
    itemText,
    [at ? formatMoment(at) : '', place ? placeText(place) : t('view.no_place')].filter(Boolean).join('  '),
    [
      names.filter(Boolean).length > 0 ? `${t('view.officers')}${t('sep.colon')}${names.join(t('sep.list'))}` : '',
      source === 'gallery' ? t('view.source_gallery') : '',
      isOriginal(photo.manifest) ? '' : t('mark.badge'),
    ].filter(Boolean).join('  '),
    `SHA-256 ${original.sha256.slice(0, 16)}`,
  ]
}

function nameOf(about: InspectionFields | null, officerId: number | null | undefined): string {
  return about?.team.find((one) => one.officer_id === officerId)?.name ?? ''
}

function placeText(place: Place): string {
  return `${(place.lat_e7 / 1e7).toFixed(5)}, ${(place.lng_e7 / 1e7).toFixed(5)} ±${place.accuracy_m} m`
}

/** To the second, as on site: the county's time, wherever the phone thinks it is. */
function formatMoment(at: string): string {
  const moment = new Date(at)
  if (Number.isNaN(moment.getTime())) return at
  return new Intl.DateTimeFormat(LANG[locale.value], {
    timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }).format(moment)
}
