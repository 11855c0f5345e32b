// Buttons that copy the text of another element: <button data-copy="id" hidden>.

/** Shows the buttons and makes them work; they stay hidden where the clipboard is closed to us. */
export function setUpCopying() {
  if (!navigator.clipboard) return // plain http on a county's own network has none
  for (const button of document.querySelectorAll('[data-copy]')) {
    button.hidden = false
    button.addEventListener('click', () => copy(button))
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy)
  await navigator.clipboard.writeText((source.value ?? source.textContent).trim())
  button.classList.add('done')
  setTimeout(() => button.classList.remove('done'), 1500)
}
