/** Lets the disk be full at the n-th write into a store: the transaction aborts, no request reports an error. */
export function fillDisk(store: string): { restore(): void } {
  const put = IDBObjectStore.prototype.put
  const add = IDBObjectStore.prototype.add
  const fail = (real: typeof put) =>
    function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
      const request = real.apply(this, args)
      if (this.name === store) (this.transaction as unknown as { _abort(name: string): void })._abort('QuotaExceededError')
      return request
    }
  IDBObjectStore.prototype.put = fail(put)
  IDBObjectStore.prototype.add = fail(add)
  return {
    restore() {
      IDBObjectStore.prototype.put = put
      IDBObjectStore.prototype.add = add
    },
  }
}
