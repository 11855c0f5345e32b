/**
 * Runs before the app in each page: notes long tasks, and tells when something is in the page and painted. What waits
 * looks once a frame, which is all that a person could see.
 */
(() => {
  const tasks = []
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask', buffered: true })
  // After the frame in which it is seen: the browser has painted when the next task runs.
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => done(performance.now())
    port2.postMessage(null)
  }))
  const seen = (test) => new Promise((done) => {
    const look = () => (test() ? painted().then(done) : requestAnimationFrame(look))
    look()
  })
  window.watchPhone = {
    tasks,
    seen,
    cards: (n) => seen(() => document.querySelectorAll('.tasks .task').length >= n),
    /** How long after the tap each of these was seen, one after the other. */
    async tap(element, ...tests) {
      const start = performance.now()
      element.click()
      const times = []
      for (const test of tests) times.push((await seen(test)) - start)
      return times
    },
    /** From the moment the camera's file is handed over. */
    photo(input, isShown) {
      return new Promise((done) => {
        input.addEventListener('change', () => {
          const start = performance.now()
          void seen(isShown).then((end) => done(end - start))
        }, { capture: true, once: true })
      })
    },
  }
})()
