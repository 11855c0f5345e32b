/** What the browser keeps with each entry of its history: which stop of which opening of the app. */
export interface Mark {
  opening: number
  stop: number
}

/**
 * The way through the app, beside the browser's history: where each stop was and how far down it was read. With it a
 * screen one goes back to stands where it was left, and the app's own "back" is the phone's, not a step further.
 */
export class Way {
  private stops: { hash: string; top: number }[]
  private at = 0

  constructor(hash: string, private readonly opening: number) {
    this.stops = [{ hash: nameOf(hash), top: 0 }]
  }

  get mark(): Mark {
    return { opening: this.opening, stop: this.at }
  }

  /** The address has changed: `top` is how far down the screen was that is left, `mark` what the browser kept. Answers how far down the new one is to stand. */
  arrive(hash: string, top: number, mark: Partial<Mark> | null): number {
    this.stops[this.at]!.top = top
    const name = nameOf(hash)
    const known = mark?.opening === this.opening ? this.stops[mark.stop ?? -1] : undefined
    if (known?.hash === name) {
      this.at = mark!.stop!
      return known.top
    }
    // An entry of before the app was opened anew: what lies behind it is not known.
    if (mark?.opening !== undefined && mark.opening !== this.opening) this.stops = []
    else this.stops.length = this.at + 1
    this.at = this.stops.push({ hash: name, top: 0 }) - 1
    return 0
  }

  get hasBehind(): boolean {
    return this.at > 0
  }

  /** Whether one step back in the browser's history is there. */
  isBehind(hash: string): boolean {
    return this.stops[this.at - 1]?.hash === nameOf(hash)
  }
}

function nameOf(hash: string): string {
  return hash === '' || hash === '#' ? '#/' : hash
}
