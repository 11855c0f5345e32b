"""A phone behind a gateway whose browser can be killed and started again over the same profile."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.e2e import engines, failpoints
from tests.e2e import field_app as app
from tests.e2e.gateway import Gateway

LIST = "道路旅客运输"
ITEMS = 8 + 15


class Phone:
    """One officer's phone; ``start`` it first."""

    def __init__(
        self, playwright: Playwright, engine: str, profile: Path, gateway: Gateway
    ) -> None:
        self._playwright, self.engine, self._profile = playwright, engine, profile
        self.gateway = gateway
        self.inspection = ""
        self.cookies: list[Any] = []
        self.context: BrowserContext
        self.page: Page
        self._running = ExitStack()

    def start(self) -> None:
        opening = engines.phone_with(self.engine, self._playwright, self._profile)
        self.context, self.page = self._running.enter_context(opening)
        failpoints.install(self.context)

    def sign_in(self, account: dict[str, Any]) -> None:
        """Signs in, waits until the first firm is whole on the phone, opens its passenger list."""
        app.sign_in(self.page, self.gateway, account)  # type: ignore[arg-type]
        self.cookies = self.context.cookies()
        _, self.inspection = app.first_fetched(self.page, LIST, ITEMS)
        self.open_list()

    def stop(self) -> None:
        self._running.close()

    def kill(self, *, is_opened: bool = True) -> None:
        """SIGKILL in the middle of what it does, then a new start, with the list open again."""
        engines.kill_browser(self.engine, self._profile)
        self.stop()
        self.start()
        # The browser writes cookies down every half minute only; who is signed in is not the point.
        self.context.add_cookies(self.cookies)  # type: ignore[arg-type]
        if is_opened:
            self.open_list()

    def open_list(self) -> None:
        """The passenger list, also without a network."""
        self.page.goto(f"{self.gateway.url}/app/#/i/{self.inspection}/tr/1")
        expect(self.page.locator("section.item").first).to_be_visible()

    def wait_for_note(self, text: str) -> None:
        """Until an operation with this note is on the disk."""
        for _ in range(100):
            if text in self.store()["notes"]:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{text} was never recorded")

    def store(self) -> dict[str, Any]:
        """What is on the disk of the phone, read from outside the app."""
        read: dict[str, Any] = self.page.evaluate(_READ_STORE)
        return read


_READ_STORE = """async () => {
  const known = await indexedDB.databases()
  const { name } = known.find((one) => /^suicha-[0-9]+$/.test(one.name))
  const opening = indexedDB.open(name)
  await new Promise((done) => (opening.onsuccess = done))
  const tx = opening.result.transaction(['outbox', 'meta', 'photos_meta', 'photo_bytes'])
  const ask = (asking) => new Promise((done) => (asking.onsuccess = () => done(asking.result)))
  const outbox = await ask(tx.objectStore('outbox').getAll())
  const counter = await ask(tx.objectStore('meta').get('counter'))
  const metas = await ask(tx.objectStore('photos_meta').getAll())
  const photos = []
  for (const meta of metas) {
    const bytes = await ask(tx.objectStore('photo_bytes').get(meta.sha256))
    photos.push({ sha256: meta.sha256, op: meta.op, bytes })
  }
  opening.result.close()
  const hashed = []
  for (const { sha256, op, bytes } of photos) {
    const digest = bytes ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : []
    const real = [...digest].map((b) => b.toString(16).padStart(2, '0')).join('')
    hashed.push({ sha256, op, real })
  }
  return { seqs: outbox.map((e) => e.seq), ops: outbox.map((e) => e.op), counter: counter.seq,
           notes: outbox.map((e) => e.body.fields?.note ?? null), photos: hashed }
}"""
