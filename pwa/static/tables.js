// Quick filter and client-side order of the rows already on the page.

const order = new Intl.Collator('zh-CN', { numeric: true })

/** Wakes the search boxes ([data-quick]) and sortable heads ([data-sort]) of the kit's tables. */
export function setUpTables() {
  for (const block of document.querySelectorAll('.table-block')) {
    if ('quick' in block.dataset) setUpQuickFilter(block)
    if ('sort' in block.dataset) setUpSorting(block)
  }
}

function rowsOf(block) {
  return [...block.querySelectorAll('tbody tr:not(.table-none)')]
}

function setUpQuickFilter(block) {
  const label = block.querySelector('.quick')
  const count = block.querySelector('.count')
  const none = block.querySelector('.table-none[hidden]')
  const rows = rowsOf(block)
  if (!label || rows.length === 0) return
  const whole = count.textContent
  label.hidden = false
  label.querySelector('input').addEventListener('input', (event) => {
    const words = event.target.value.trim().toLowerCase().split(/\s+/).filter(Boolean)
    let shown = 0
    for (const row of rows) {
      const text = row.textContent.toLowerCase()
      row.hidden = !words.every((word) => text.includes(word))
      if (!row.hidden) shown += 1
    }
    none.hidden = shown > 0
    count.textContent = words.length === 0 ? whole : sentence(count, shown, rows.length)
  })
}

function sentence(count, shown, total) {
  return count.dataset.count.replace('{shown}', shown).replace('{total}', total)
}

function setUpSorting(block) {
  for (const head of block.querySelectorAll('thead th[data-key]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...head.childNodes)
    head.append(button)
    button.addEventListener('click', () => sortBy(block, head))
  }
}

function sortBy(block, head) {
  const isDown = head.getAttribute('aria-sort') === 'ascending'
  for (const other of block.querySelectorAll('thead th')) other.removeAttribute('aria-sort')
  head.setAttribute('aria-sort', isDown ? 'descending' : 'ascending')
  const column = [...head.parentNode.children].indexOf(head)
  const value = (row) => {
    const cell = row.children[column]
    return cell.querySelector('time')?.dateTime ?? cell.textContent.trim()
  }
  const rows = rowsOf(block).sort((a, b) => order.compare(value(a), value(b)))
  if (isDown) rows.reverse()
  block.querySelector('tbody').prepend(...rows)
}
