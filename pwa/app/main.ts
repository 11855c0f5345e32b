import { createApp } from 'vue'
import App from './App.vue'
import { setLocale } from './i18n'
import { startRouter } from './screens/router'
import { startApp, wakeSync } from './screens/store'
import { settleWrites } from './screens/writes'
import { registerServiceWorker } from './sw/register'
import './styles/base.css'
import './styles/screens.css'
import './styles/items.css'

setLocale('zh_CN') // Chinese first; a remembered person's language follows
startRouter()
void startApp().then(() => createApp(App).mount('#app'))
void registerServiceWorker().catch(() => undefined) // the app works without it, only not offline

addEventListener('online', () => wakeSync('online'))
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') wakeSync('visible')
  else void settleWrites()
})
