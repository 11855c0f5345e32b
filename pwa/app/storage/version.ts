/** Version of the person's stores. A worker that knows a smaller one cannot read the queue and must not take over (§8). */
export const DB_VERSION = 4
/** `suicha-8`: the stores of person 8. */
export const PERSON_DB = /^suicha-(\d+)$/
