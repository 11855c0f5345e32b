import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { todayAtSite } from '@/domain/time'
import { readInspection } from '@/storage/read'
import type { InspectionView, SheetModel } from '@/sync/inspection-view'
import { route } from './router'
import { app, db } from './store'

export interface UsedInspection {
  view: ShallowRef<InspectionView | null>
  sheet: ComputedRef<SheetModel | null>
  isRead: Ref<boolean>
  reload(): Promise<void>
}

/** The inspection of the present address, read again whenever the store changes. */
export function useInspection(): UsedInspection {
  const view = shallowRef<InspectionView | null>(null)
  const isRead = ref(false)
  let round = 0
  const reload = async () => {
    round += 1
    const mine = round
    const found = await readInspection(db(), `insp:${route.value.inspection}`, todayAtSite())
    if (mine !== round) return // a newer reading is on its way
    view.value = found
    isRead.value = true
  }
  watch(() => [app.changes, route.value.inspection], () => void reload().catch(() => undefined), { immediate: true })
  const sheet = computed(() => view.value?.sheets.find((s) => s.code === route.value.sheet) ?? null)
  return { view, sheet, isRead, reload }
}
