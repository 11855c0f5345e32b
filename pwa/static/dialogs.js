// <details class="dialog">: Esc or a [data-close] button closes it, focus goes in and back.

/** Adds the keyboard's share to dialogs that already open and close without a script. */
export function setUpDialogs() {
  for (const dialog of document.querySelectorAll('details.dialog')) {
    const summary = dialog.querySelector('summary')
    const close = () => {
      dialog.open = false
      summary.focus()
    }
    dialog.addEventListener('toggle', () => {
      if (dialog.open) dialog.querySelector('input:not([type=hidden]), select, textarea')?.focus()
    })
    dialog.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && dialog.open) close()
    })
    for (const button of dialog.querySelectorAll('[data-close]')) {
      button.hidden = false
      button.addEventListener('click', close)
    }
  }
}
