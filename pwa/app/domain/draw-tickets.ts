import { compareCodePoints } from './canonical'
import { DrawRefused } from './draw-differences'
import { SEPARATOR, type PoolFirm } from './draw-pool'
import { TIERS, type Quotas, type Tier } from './draw-quotas'
import { sha256Hex } from './sha256'

export interface DrawnFirm {
  id: string
  /** The one it was drawn in: a firm without a tier is drawn as normal. */
  tier: Tier
  ticket: string
}

/** Whether a seed stands in the one spelling of version 2 (docs/draw.md §6). */
export function isPlainSeed(seed: string): boolean {
  return /^[0-9\p{L}\p{Nl}]*$/u.test(seed) && seed.normalize('NFKC') === seed && seed.toUpperCase() === seed
}

/** Throws `DrawRefused` where no ticket can be drawn with this seed and draw number. */
export function checkParts(seed: string, drawId: string): void {
  if (!seed.trim()) throw new DrawRefused('draw.seed_required')
  for (const part of [seed, drawId]) if (!part || part.includes(SEPARATOR)) throw new DrawRefused('draw.bad_text', part)
}

export function ticket(seed: string, drawId: string, kind: 'firm' | 'officer', ...x: string[]): string {
  return sha256Hex([seed, drawId, kind, ...x].join(SEPARATOR).normalize('NFC'))
}

/** Per tier the lowest tickets; all together in ticket order. */
export function drawFirms(firms: PoolFirm[], quotas: Quotas, seed: string, drawId: string): DrawnFirm[] {
  const byTier: Record<Tier, DrawnFirm[]> = { low: [], normal: [], elevated: [], high: [] }
  for (const { id, tier } of firms) {
    const drawnAs = tier ?? 'normal'
    byTier[drawnAs].push({ id, tier: drawnAs, ticket: ticket(seed, drawId, 'firm', id) })
  }
  return TIERS.flatMap((tier) => byTier[tier].sort(inOrder).slice(0, quotas[tier])).sort(inOrder)
}

/** Hexadecimal digits compare the same by unit as by code point, and much quicker. */
function inOrder(a: DrawnFirm, b: DrawnFirm): number {
  return a.ticket < b.ticket ? -1 : a.ticket > b.ticket ? 1 : compareCodePoints(a.id, b.id)
}
