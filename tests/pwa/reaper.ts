import type { Net } from '@/net/http'

/** The tab is gone: nothing after this line of the program happens. */
export class Killed extends Error {}

/** Counts every touch of store and network, and kills the program at the n-th: whatever comes later fails too. */
export class Reaper {
  calls = 0
  constructor(
    private readonly at: number,
    private readonly why: () => Error = () => new Killed(),
  ) {}

  touch(): void {
    this.calls += 1
    if (this.calls >= this.at) throw this.why()
  }

  /** An object of the store whose every method is an await at which the tab may die; its open transaction dies too. */
  watch<T extends object>(target: T, tx: IDBTransaction | null = null): T {
    return new Proxy(target, {
      get: (it, name) => {
        const value = Reflect.get(it, name, it) as unknown
        if (name === 'objectStore' || name === 'index') {
          return (...args: unknown[]) => this.watch((value as (...a: unknown[]) => object).apply(it, args), tx)
        }
        if (name === 'store') return this.watch(value as object, tx)
        if (name === 'abort' || typeof value !== 'function') return value
        return (...args: unknown[]) => {
          try {
            this.touch()
          } catch (death) {
            try {
              tx?.abort()
            } catch {
              // It had ended already.
            }
            throw death
          }
          const result = (value as (...a: unknown[]) => unknown).apply(it, args)
          if (name !== 'transaction') return result
          const opened = result as IDBTransaction & { done: Promise<void> }
          opened.done.catch(() => undefined) // nobody is left to hear of its end
          return this.watch(opened, opened)
        }
      },
    })
  }

  net(net: Net): Net {
    return {
      ...net,
      fetch: async (input, init) => {
        this.touch() // killed before the request left
        const answer = await net.fetch(input, init)
        this.touch() // killed before the answer was read
        return answer
      },
      // `call` takes a failing fetch for "offline"; the dead do not go on after it either.
      guard: () => (this.calls >= this.at ? Promise.reject(this.why()) : Promise.resolve()),
    }
  }
}
