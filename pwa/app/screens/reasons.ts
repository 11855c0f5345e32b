import { t, tCode } from '@/i18n'

/** Why something waits, in words; a code nobody foresaw is shown as it is. */
export function reasonText(code: string): string {
  return tCode('reason', code, t('reason.other', { code }))
}
