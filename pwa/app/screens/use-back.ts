import { onBeforeUnmount, onMounted } from 'vue'

let layers = 0

/**
 * The phone's back button takes away what lies over the screen, not the screen under it. `leave` answers false when
 * it stays (something unsaved): then the next back asks again.
 */
export function useBack(leave: () => boolean): void {
  layers += 1
  const layer = `over-${layers}`
  const isMine = () => (history.state as { layer?: string } | null)?.layer === layer
  const stand = () => history.pushState({ layer }, '')
  const goBack = () => {
    if (!isMine() && !leave()) stand()
  }
  onMounted(() => {
    stand()
    addEventListener('popstate', goBack)
  })
  onBeforeUnmount(() => {
    removeEventListener('popstate', goBack)
    if (isMine()) history.back()
  })
}
