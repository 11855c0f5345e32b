// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'

/** What the server answers with, as far as drafts look at it. */
const form = (typed: string, invalid = '') => `
  <form data-draft="firm" method="post" action="/registry/firms/7/edit">
    <input type="hidden" name="_page" value="/registry/firms/7/edit">
    <input name="name" value="${typed}"${invalid}>
    <select name="tier"><option value="">-</option><option value="high">高</option></select>
    <input type="checkbox" name="labels" value="a"><input type="checkbox" name="labels" value="b">
    <input type="password" name="password">
  </form>`
const resumed = `
  <form data-resumes method="post" action="/registry/firms/7/edit">
    <input type="hidden" name="_page" value="/registry/firms/7/edit"><input type="hidden" name="name" value="x">
  </form>`
const notice = '<template id="draft-notice"><div class="notice">已恢复<button type="button">放弃</button></div></template>'

/** Opens a page: a script of its own, the tab's storage as it was. */
async function open(kind: string, body: string, person = '3'): Promise<void> {
  document.body.innerHTML = body + notice
  document.body.dataset.page = kind
  document.body.dataset.person = person
  // @ts-expect-error the office pages' scripts are plain JavaScript
  const { setUpDrafts } = (await import('../../pwa/static/drafts.js')) as { setUpDrafts: () => void }
  setUpDrafts()
}

const field = <T extends Element = HTMLInputElement>(css: string) => document.querySelector<T>(css)!

function type(): void {
  field('[name=name]').value = '改过的名称'
  field<HTMLSelectElement>('[name=tier]').value = 'high'
  field('[value=b]').checked = true
  field('[name=password]').value = 'secret'
  field('[name=name]').dispatchEvent(new Event('input', { bubbles: true }))
}

function send(css = 'form'): void {
  field<HTMLFormElement>(css).dispatchEvent(new Event('submit', { bubbles: true }))
}

function expectTyped(): void {
  expect(field('[name=name]').value).toBe('改过的名称')
  expect(field<HTMLSelectElement>('[name=tier]').value).toBe('high')
  expect([field('[value=a]').checked, field('[value=b]').checked]).toEqual([false, true])
  expect(field('[name=password]').value).toBe('')
  expect(document.querySelector('form .notice')).not.toBeNull()
}

beforeEach(() => {
  sessionStorage.clear()
})

test('a form that met the end of the session is filled again after the sign-in', async () => {
  const goTo = vi.spyOn(location, 'replace').mockImplementation(() => undefined)
  await open('page', form('原来的名称'))
  type()
  send()
  await open('error', '', '')
  await open('resume', resumed)
  expect(goTo).toHaveBeenCalledWith('/registry/firms/7/edit')
  await open('page', form('原来的名称'))
  expectTyped()
})

test('a refused form, which stands at another address, is filled again on its own page', async () => {
  await open('page', form('原来的名称'))
  type()
  send()
  await open('page', form('改过的名称', ' aria-invalid="true"'))
  type()
  send()
  await open('sign-in', '', '')
  await open('page', form('原来的名称'))
  expectTyped()
})

test('what was sent from the page after the sign-in is not offered a second time', async () => {
  await open('page', form('原来的名称'))
  type()
  send()
  await open('error', resumed)
  send('[data-resumes]')
  await open('page', '<p>已保存</p>')
  await open('page', form('改过的名称'))
  expect(field<HTMLSelectElement>('[name=tier]').value).toBe('')
})

test('another person at the same desk finds nothing of it', async () => {
  await open('page', form('原来的名称'))
  type()
  send()
  await open('error', '', '')
  await open('page', form('原来的名称'), '4')
  expect(field('[name=name]').value).toBe('原来的名称')
})
