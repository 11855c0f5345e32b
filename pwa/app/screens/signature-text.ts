import { formatTime, t, tCode } from '@/i18n'
import type { SignatureModel } from '@/sync/inspection-view'

/** Who the signer is to the firm, in words; empty where nobody said. */
export function relationText({ relation, relation_note }: Pick<SignatureModel, 'relation' | 'relation_note'>): string {
  if (relation === 'other' && relation_note) return relation_note
  return relation ? tCode('sign', `relation_${relation}`, relation) : ''
}

/** The same in one line of the on-site record, as it prints. */
export function recordLine(one: SignatureModel): string {
  const who = one.role === 'unsigned' ? [] : [one.name, one.post, relationText(one)]
  const isVoid = one.isVoid && !one.refused && one.role !== 'unsigned'
  const done = isVoid ? t('sign.at_void', { time: formatTime(Date.parse(one.at)) }) : signedText(one)
  const lines = [done, one.isVoid && one.role === 'unsigned' ? t('sign.unsigned_void') : '', one.statement ? `${t('sign.statement_short')}${t('sep.colon')}${one.statement}` : '']
  return [who.filter(Boolean).join('　'), lines.filter(Boolean).join(t('sep.comma'))].filter(Boolean).join(t('sep.colon'))
}

/** What was done and when: signed, refused and why, or not signed again and why. */
export function signedText({ role, refused, reason, at }: SignatureModel): string {
  if (role === 'unsigned') return t('sign.unsigned_by', { reason: reason ?? '' })
  if (refused) return t('sign.refused_by', { reason: reason ?? '' })
  return at ? t('sign.at', { time: formatTime(Date.parse(at)) }) : t('sign.signed')
}
