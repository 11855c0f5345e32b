// What the server reads in a cell, beside it as soon as it is typed: <p data-reading="address" data-of="id">.

/** Asks after each change; without a script the page says it when the form comes back. */
export function setUpReadings() {
  for (const place of document.querySelectorAll('[data-reading]')) {
    const field = document.getElementById(place.dataset.of)
    if (field) field.addEventListener('change', () => read(place, field))
  }
}

async function read(place, field) {
  const asked = field.value
  const address = new URL(place.dataset.reading, location.href)
  address.searchParams.set('text', asked)
  try {
    const answer = await fetch(address, { headers: { accept: 'application/json' } })
    const told = await answer.json()
    // A slow answer to what is no longer typed says nothing.
    if (!answer.ok || field.value !== asked) return
    place.hidden = told.text === ''
    place.querySelector('span').textContent = told.text
  } catch {
    place.hidden = true // no connection: the form says it when it comes back
  }
}
