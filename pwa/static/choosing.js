/** A box that ticks all boxes of its fold, and is ticked while they are: `data-all` inside `details`. */
export function setUpChoosing() {
  for (const all of document.querySelectorAll('[data-all]')) {
    const own = all.querySelector('input')
    const group = all.closest('details')
    const boxes = [...group.querySelectorAll('input[type=checkbox][name]')]
    const look = () => {
      own.checked = boxes.every((one) => one.checked)
    }
    all.hidden = false
    look()
    // clicked, so that whoever keeps what was typed hears of each
    own.addEventListener('change', () => {
      const wanted = own.checked
      for (const one of boxes) if (one.checked !== wanted) one.click()
    })
    group.addEventListener('change', (event) => {
      if (event.target !== own) look()
    })
  }
}
