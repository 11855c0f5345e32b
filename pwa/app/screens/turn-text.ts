import { formatTime, t } from '@/i18n'
import type { LoopState } from '@/sync/loop'
import type { Turn } from '@/sync/turns'

/** Whose turn it is and when it goes on, in one line. */
export function turnText(turn: Turn, loop: LoopState): string {
  const parts = [t(`turn.${turn.owner}`)]
  if (turn.nextTry !== null) parts.push(t('turn.next', { time: formatTime(turn.nextTry) }))
  else if (loop.reason === 'sign-in') parts.push(t('turn.after_sign_in'))
  else if (loop.reason === 'upgrade') parts.push(t('turn.after_upgrade'))
  else if (turn.owner === 'phone') parts.push(t('turn.next_round'))
  return parts.join(t('sep.comma'))
}
