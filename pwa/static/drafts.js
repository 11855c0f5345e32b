// Nothing entered is lost: forms marked data-draft keep what was typed in this tab, through an
// expired session, a refused CSRF token, a crash of the page or a wrong click.
//
//   typed          -> kept under person + address the form is sent to + form
//   sent           -> marked "sent"
//   error or sign-in page follows  -> the mark is taken back: it did not arrive
//   any other page follows         -> it arrived, the draft is dropped
//   the form is opened again       -> a kept draft is filled in, and the page says so

const PREFIX = 'suicha.draft:'
const SECRET = new Set(['password', 'file', 'hidden', 'submit', 'button'])

/** Call once per page, before anything else reads the forms. */
export function setUpDrafts() {
  settleSent()
  for (const form of document.querySelectorAll('form[data-resumes]')) setUpResumed(form)
  for (const form of document.querySelectorAll('form[data-draft]')) setUp(form)
  for (const form of document.querySelectorAll('form[data-sign-out]')) {
    form.addEventListener('submit', forgetAll) // the next person at this desk sees none of it
  }
}

function settleSent() {
  const page = document.body.dataset.page
  const didNotArrive = ['error', 'sign-in', 'resume'].includes(page)
  const isRefused = [...document.querySelectorAll('form[data-draft]')].some(isRefusedForm)
  for (const key of keys()) {
    const draft = read(key)
    if (!draft?.sent) continue
    if (didNotArrive || isRefused) write(key, { ...draft, sent: false })
    else sessionStorage.removeItem(key)
  }
}

/** Where it is sent, not where it stands: a refused form stands at another address than the page it came from. */
function placeOf(form) {
  const { person } = document.body.dataset
  return `${PREFIX}${person}:${new URL(form.getAttribute('action'), location.href).pathname}:`
}

/**
 * The server carried what was typed through the sign-in, for browsers without scripts. Here the page itself fills its
 * form again; what is sent without going there has arrived like any other.
 */
function setUpResumed(form) {
  const kept = () => keys().filter((key) => key.startsWith(placeOf(form)))
  const page = form.querySelector('input[name=_page]').value
  if (document.body.dataset.page === 'resume' && page && kept().length > 0) location.replace(page)
  form.addEventListener('submit', () => {
    for (const key of kept()) write(key, { ...read(key), sent: true })
  })
}

function setUp(form) {
  if (controls(form).length === 0) return
  const key = placeOf(form) + form.dataset.draft
  const isRefused = isRefusedForm(form)
  const before = JSON.stringify(valuesOf(form))
  const kept = read(key)
  let isDirty = isRefused
  let isSending = false
  // A refused form comes back with its values from the server: they are newer than ours.
  if (kept && !isRefused && JSON.stringify(kept.values) !== before) {
    fill(form, kept.values)
    openFilled(form)
    isDirty = true
    announce(form, () => {
      sessionStorage.removeItem(key)
      isDirty = false
      location.reload()
    })
  }
  // On the page: a field may stand outside the form it goes with.
  document.addEventListener('input', (event) => {
    if (event.target.form !== form) return
    isDirty = isRefused || JSON.stringify(valuesOf(form)) !== before
    write(key, { values: valuesOf(form), sent: false })
  })
  form.addEventListener('submit', () => {
    write(key, { values: valuesOf(form), sent: true })
  })
  // Whatever is sent from this page: what was typed in this form stays kept.
  document.addEventListener('submit', () => {
    isSending = true
  })
  window.addEventListener('pageshow', () => {
    isSending = false
  })
  window.addEventListener('beforeunload', (event) => {
    if (isDirty && !isSending && 'asks' in form.dataset) event.preventDefault()
  })
}

function isRefusedForm(form) {
  return [...form.elements].some((e) => e.getAttribute('aria-invalid') === 'true')
}

/** What was typed beside the form, in a fold that is closed by now, is seen again. */
function openFilled(form) {
  for (const element of controls(form)) {
    if (!form.contains(element) && element.value) element.closest('details')?.setAttribute('open', '')
  }
}

function controls(form) {
  return [...form.elements].filter((e) => e.name && !SECRET.has(e.type) && e.tagName !== 'FIELDSET')
}

function isTicked(element) {
  return element.type === 'checkbox' || element.type === 'radio'
}

function valuesOf(form) {
  return controls(form).map((e) => [e.name, isTicked(e) ? `${e.value}=${e.checked}` : e.value])
}

function fill(form, values) {
  const left = [...values]
  for (const element of controls(form)) {
    const at = left.findIndex(
      ([name, value]) =>
        name === element.name && (!isTicked(element) || value.startsWith(`${element.value}=`)),
    )
    if (at < 0) continue
    const [[, value]] = left.splice(at, 1)
    if (isTicked(element)) element.checked = value.endsWith('=true')
    else element.value = value
  }
}

function announce(form, discard) {
  const template = document.getElementById('draft-notice')
  if (!template) return
  const notice = template.content.cloneNode(true)
  notice.querySelector('button').addEventListener('click', discard)
  form.prepend(notice)
}

function keys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX))
}

function forgetAll() {
  for (const key of keys()) sessionStorage.removeItem(key)
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key))
  } catch {
    return null
  }
}

function write(key, draft) {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft))
  } catch {
    // A full or forbidden storage must not stop anybody from typing.
  }
}
