import { call, DEADLINE_MS, type Net, type Reply } from './http'

export interface SessionAnswer {
  person: { id: number; account: string; name: string; locale: string }
  jurisdiction: { id: number; name: string }
  department: { id: number; code: string; name: string } | null
  officer: { id: number; name: string; cert_no: string } | null
  roles: string[]
  epoch: string
  csrf: string
  push_credential?: string
  /** Absent in the answers of servers before it was told. */
  expires_at?: string
  server_time: string
}

export interface Credentials {
  account: string
  password: string
  device: { id: string; name: string }
}

const PATH = '/api/v1/session'

export function openSession(net: Net, credentials: Credentials): Promise<Reply<SessionAnswer>> {
  return call(net, { method: 'POST', path: PATH, body: credentials, deadlineMs: DEADLINE_MS })
}

export function readSession(net: Net): Promise<Reply<SessionAnswer>> {
  return call(net, { method: 'GET', path: PATH, deadlineMs: DEADLINE_MS })
}

export function changeLocale(net: Net, locale: string, csrf: string | null): Promise<Reply<unknown>> {
  return call(net, { method: 'PATCH', path: PATH, body: { locale }, csrf, deadlineMs: DEADLINE_MS })
}

export function closeSession(net: Net, csrf: string | null): Promise<Reply<unknown>> {
  return call(net, { method: 'DELETE', path: PATH, csrf, deadlineMs: DEADLINE_MS, bodiless: true })
}
