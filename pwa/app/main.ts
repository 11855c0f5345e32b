import { createApp } from 'vue'
import App from './App.vue'
import { setLocale } from './i18n'
import { startRouter } from './screens/router'
import { app, startApp, wakeSync } from './screens/store'
import { settleWrites } from './screens/writes'
import { registerServiceWorker } from './sw/register'
import './styles/base.css'
import './styles/screens.css'
import './styles/visit.css'
import './styles/items.css'

void setLocale('zh_CN') // Chinese first; a remembered person's language follows
startRouter()
const page = createApp(App)
page.config.errorHandler = (error, _, info) => {
  console.error(error)
  // A screen that cannot be drawn leaves a blank one; a tap that failed has said so itself. Built, `info` is an address.
  if (/setup function|render function|#runtime-[01]$/.test(info)) app.isBroken = true
}
const started = startApp()
// Mounted before the stores are open: waiting for another window to let go of them must be seen.
page.mount('#app')
started.catch((error: unknown) => {
  console.error(error)
  app.isBroken = true
})
void registerServiceWorker().catch(() => undefined) // the app works without it, only not offline
/** Not before the first screen stands; nobody puts the phone away sooner. */
setTimeout(() => void import('./screens/telling').then(({ startTelling }) => startTelling()).catch(() => undefined), 2_000)

addEventListener('online', () => wakeSync('online'))
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') wakeSync('visible')
  else void settleWrites()
})
