"""Stops a page dead at its n-th asynchronous step, so that a test can kill the browser just there.

The steps are the browser's own functions (storage, network, hashing, pictures), wrapped from
outside before the app loads; the app has no doors for this. The wrapped call asks a question that
nobody answers (a synchronous request), so that not one more statement runs until the kill.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.e2e.gateway import Gateway

PATIENCE_SECONDS = 6

# Armed by `window.failAt = n`; counts down over every step. 0 means: only count.
SCRIPT = """(() => {
  let steps = 0
  window.failAt = 0
  window.stepsTaken = () => steps
  window.arm = (n) => { steps = 0; window.failAt = n }
  const step = (name) => {
    steps += 1
    if (window.failAt !== steps) return
    const question = new XMLHttpRequest()
    question.open('POST', '/app/failpoint?step=' + encodeURIComponent(name), false)
    try { question.send() } catch { /* the page is gone by then */ }
    for (;;) { /* nothing may run on */ }
  }
  const wrap = (owner, names) => {
    for (const name of names) {
      const real = owner[name]
      if (typeof real !== 'function') continue
      owner[name] = function (...given) { step(name); return real.apply(this, given) }
    }
  }
  const reading = ['get', 'getAll', 'getAllKeys', 'getKey', 'count', 'openCursor']
  wrap(IDBObjectStore.prototype, [...reading, 'put', 'add', 'delete', 'clear'])
  wrap(IDBIndex.prototype, reading)
  wrap(SubtleCrypto.prototype, ['digest'])
  wrap(Blob.prototype, ['arrayBuffer'])
  wrap(StorageManager.prototype, ['estimate'])
  wrap(window, ['createImageBitmap'])
  const transaction = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function (...given) {
    const made = transaction.apply(this, given)
    // Committed, and nobody knows it yet: the moment between the disk and the screen.
    if (given[1] === 'readwrite') made.addEventListener('complete', () => step('committed'))
    return made
  }
  const fetched = window.fetch
  window.fetch = async function (...given) {
    step('fetch')
    const answer = await fetched.apply(this, given)
    step('answered')
    return answer
  }
})()"""


def install(context: BrowserContext) -> None:
    """Before the first page of the app opens."""
    context.add_init_script(SCRIPT)


def count_steps(page: Page, act: Callable[[], None]) -> int:
    """How many steps it takes when nothing stops it; ``act`` ends when the screen says done."""
    page.evaluate("() => window.arm(0)")
    act()
    return int(page.evaluate("() => window.stepsTaken()"))


def stop_at(page: Page, gateway: Gateway, n: int, act: str, given: object = None) -> str | None:
    """Arms step ``n`` and lets the page run ``act``, a function of ``given`` that it waits for in
    nothing; answers the step's name once the page stands still at it, None when it came to its end
    with fewer steps.

    Both happen in the page, after this call has answered: a round of the app's own that came in
    between would stand still at step 1 already, and with it the call that was to act."""
    gateway.rearm()
    later = f"([n, given]) => {{ setTimeout(() => {{ window.arm(n); ({act})(given) }}, 20) }}"
    page.evaluate(later, [n, given])
    if not gateway.reached.wait(PATIENCE_SECONDS):
        try:
            page.wait_for_function("() => { window.arm(0); return true }", timeout=5_000)
        except PlaywrightTimeout:
            gateway.reached.wait(5)
    return gateway.steps[0] if gateway.steps else None
