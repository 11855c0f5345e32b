import { browserNet } from '@/net/http'
import { getSetting, type Profile } from '@/storage/device'
import { exportUnsent, noteExported, saveFile } from '@/storage/export'
import { countUnsent } from '@/sync/counts'
import { signIn } from '@/sync/session'
import { APP_VERSION } from '@/version'
import { sendQueue, type Sent } from './sending'
import { listKept, type Kept } from './stores'
import { say, speak, type Word } from './words'
import '../styles/base.css'
import '../styles/screens.css'

/** No framework: this page must work when the app's own code does not. */
const root = document.getElementById('recovery')!

function make<K extends keyof HTMLElementTagNameMap>(tag: K, className = '', text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  if (className) element.className = className
  element.textContent = text
  return element
}

async function start(): Promise<void> {
  const profile = await getSetting<Profile>('profile').catch(() => null)
  speak(profile?.person.locale)
  document.documentElement.lang = profile?.person.locale === 'en' ? 'en' : 'zh-CN'
  const theme = await getSetting<string>('theme').catch(() => null)
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  const size = await getSetting<string>('text_size').catch(() => null)
  if (size === 'large' || size === 'largest') document.documentElement.dataset.text = size
  document.getElementById('title')!.textContent = say('title')
  document.title = say('title')
  const kept = await listKept()
  root.append(make('p', 'soft', say('intro')))
  if (kept.length === 0) root.append(make('p', 'empty', say('empty')))
  for (const one of kept) root.append(cardOf(one))
  const back = make('a', 'button wide', say('back'))
  back.href = '/app/'
  root.append(back)
}

function countsOf(unsent: { ops: number; photos: number }): string {
  return unsent.ops + unsent.photos > 0 ? say('counts', { ops: unsent.ops, photos: unsent.photos }) : say('nothing')
}

function cardOf(kept: Kept): HTMLElement {
  const card = make('section', 'card stack-small')
  card.dataset.testid = `person-${kept.personId}`
  card.append(make('h2', '', kept.name || kept.account || say('person', { id: kept.personId })))
  const counts = make('p', 'num', kept.why ? say('unreadable', { why: kept.why }) : countsOf(kept))
  const status = make('p', 'small')
  status.setAttribute('role', 'status')
  card.append(counts, status)
  const { db } = kept
  if (!db || kept.ops + kept.photos === 0) {
    db?.close()
    return card // nothing to do here
  }

  const send = make('button', 'button primary wide', say('send'))
  const save = make('button', 'button wide', say('save'))
  for (const button of [send, save]) button.type = 'button'
  send.addEventListener('click', () => void attempt(status, [send, save], () => sendAndSay()))
  save.addEventListener('click', () => void attempt(status, [send, save], () => saveAndSay()))
  card.append(send, save)
  return card

  async function sendAndSay(): Promise<string> {
    status.textContent = say('sending')
    const before = await countUnsent(db!)
    const outcome = await sendQueue(db!, kept.personId, browserNet)
    const after = await countUnsent(db!)
    counts.textContent = countsOf(after)
    if (outcome.kind === 'busy') return say('busy')
    if (outcome.kind === 'sign-in' && !card.querySelector('form')) card.append(signInForm())
    if (after.ops + after.photos > 0) return say('still', { ...after, why: whyOf(outcome) })
    return say('sent', { ops: before.ops - after.ops, photos: before.photos - after.photos })
  }

  async function saveAndSay(): Promise<string> {
    const now = Date.now()
    const made = await exportUnsent(db!, kept.account, APP_VERSION, now)
    saveFile(made.zip, `suicha-${kept.account || kept.personId}-${new Date(now).toISOString().slice(0, 10)}.zip`)
    await noteExported(db!, now)
    const rest = made.unreadable > 0 ? ` ${say('without', { n: made.unreadable })}` : ''
    return say('exported', { ops: made.ops, photos: made.photos }) + rest
  }

  function signInForm(): HTMLFormElement {
    const form = make('form', 'stack-small')
    const label = make('label', 'field')
    const password = make('input', 'input')
    password.type = 'password'
    password.autocomplete = 'current-password'
    password.required = true
    label.append(make('span', '', say('password')), password)
    form.append(make('p', 'small', say('signin')), label, make('button', 'button wide', say('submit')))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void attempt(status, [send, save], async () => {
        const result = await signIn(browserNet, kept.account, password.value, '', db)
        if (result.kind === 'offline') return say('offline')
        if (result.kind === 'refused') return say('refused')
        if (result.personId !== kept.personId) return say('other')
        form.remove()
        return sendAndSay()
      })
    })
    return form
  }
}

async function attempt(status: HTMLElement, buttons: HTMLButtonElement[], work: () => Promise<string>): Promise<void> {
  for (const button of buttons) button.disabled = true
  try {
    status.textContent = await work()
  } catch (error) {
    status.textContent = say('unreadable', { why: (error as Error).message })
  } finally {
    for (const button of buttons) button.disabled = false
  }
}

function whyOf(outcome: Sent): string {
  if (outcome.kind === 'later') return say('later', { code: outcome.why })
  const words: Word[] = ['offline', 'sign-in', 'upgrade', 'revoked']
  const word = words.find((one) => one === outcome.kind)
  return word ? say(word) : outcome.kind
}

void start().catch((error: unknown) => root.append(make('p', 'demand', say('unreadable', { why: (error as Error).message }))))
