/** What a request came to. Only our own JSON is an answer; anything else means "offline" (§2, §9). */
export type Reply<T> =
  | { kind: 'ok'; status: number; body: T; headers: Headers; rttMs: number }
  | { kind: 'refused'; status: number; code: string; message: string; details: Record<string, unknown>; retryAfterMs: number | null }
  | { kind: 'offline'; why: 'network' | 'timeout' | 'foreign' }

export interface Call {
  method: string
  path: string
  body?: unknown
  raw?: BodyInit
  headers?: Record<string, string>
  deadlineMs: number
  csrf?: string | null
  /** Push-only credential (§13.7): sent instead of the session's cookie and token. */
  credential?: string | null
  /** The answer says all in its headers (tus, sign-out): an empty body is no sign of a portal. */
  bodiless?: boolean
}

export const DEADLINE_MS = 30_000
export const CHUNK_DEADLINE_MS = 60_000

/** What a request shows of who it is from: the session's token, or a revoked phone's push-only credential. */
export interface Auth {
  csrf: string | null
  credential: string | null
}

/** Where requests go; tests pass a stub. */
export interface Net {
  fetch: typeof fetch
  now(): number
  /** Throws when this tab or person must not talk any more; asked before a request and again before its answer counts. */
  guard?(): Promise<void>
}
export const browserNet: Net = { fetch: (...args) => fetch(...args), now: () => Date.now() }

/** Sends one request with a deadline. Never throws for what the network or the server does; only a guard throws. */
export async function call<T>(net: Net, request: Call): Promise<Reply<T>> {
  await net.guard?.()
  const started = net.now()
  const answer = await send(net, request)
  await net.guard?.()
  if (!(answer instanceof Response)) return answer
  // A login portal answers 200 with HTML, or redirects; neither is our server.
  if (answer.type === 'opaqueredirect' || (answer.status >= 300 && answer.status < 400 && answer.status !== 304)) {
    return { kind: 'offline', why: 'foreign' }
  }
  const text = await answer.text()
  if (answer.ok) {
    const body = parseJson(text)
    if (body === undefined && !request.bodiless) return { kind: 'offline', why: 'foreign' }
    return { kind: 'ok', status: answer.status, body: body as T, headers: answer.headers, rttMs: net.now() - started }
  }
  return readRefusal(answer, text)
}

async function send(net: Net, request: Call): Promise<Response | { kind: 'offline'; why: 'network' | 'timeout' }> {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  // Raced as well as aborted: a network stack that ignores the signal must not hold the loop.
  const deadline = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      abort.abort()
      fail(new Error('deadline'))
    }, request.deadlineMs)
  })
  const inTime = <T>(work: Promise<T>) => Promise.race([deadline, work])
  const headers: Record<string, string> = { Accept: 'application/json', ...request.headers }
  if (request.credential) headers.Authorization = `SuichaPush ${request.credential}`
  else if (request.csrf) headers['X-CSRF-Token'] = request.csrf
  if (request.body !== undefined) headers['Content-Type'] = 'application/json'
  try {
    const response = await inTime(
      net.fetch(request.path, {
        method: request.method,
        headers,
        body: request.body !== undefined ? JSON.stringify(request.body) : (request.raw ?? null),
        credentials: request.credential ? 'omit' : 'same-origin',
        cache: 'no-store',
        redirect: 'manual',
        signal: abort.signal,
      }),
    )
    if (response.type === 'opaqueredirect') return response
    // The deadline covers the body too: a stalled answer never resets the connection (F7).
    const bytes = BODILESS.has(response.status) || request.method === 'HEAD' ? null : await inTime(response.arrayBuffer())
    return new Response(bytes, { status: response.status, headers: response.headers })
  } catch {
    return { kind: 'offline', why: abort.signal.aborted ? 'timeout' : 'network' }
  } finally {
    clearTimeout(timer)
  }
}

function readRefusal(answer: Response, text: string): Reply<never> {
  const body = parseJson(text) as { error?: { code?: string; message?: string; details?: Record<string, unknown> } } | undefined
  const error = body?.error
  // A 4xx without our error shape comes from something between us and the server.
  if (!error?.code && answer.status < 500 && answer.status !== 413 && answer.status !== 429 && answer.status !== 401) {
    if (!UPLOAD_STATUSES.has(answer.status)) return { kind: 'offline', why: 'foreign' }
  }
  return {
    kind: 'refused',
    status: answer.status,
    code: error?.code ?? `http.${answer.status}`,
    message: error?.message ?? '',
    details: error?.details ?? {},
    retryAfterMs: readRetryAfter(answer.headers.get('Retry-After')),
  }
}

const BODILESS = new Set([204, 205, 304])
/** HEAD answers carry no body, so their statuses stand alone. */
const UPLOAD_STATUSES = new Set([404, 409, 410, 423, 460])

function readRetryAfter(text: string | null): number | null {
  if (!text) return null
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
