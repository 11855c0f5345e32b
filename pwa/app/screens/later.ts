import { defineAsyncComponent, type AsyncComponentLoader, type Component } from 'vue'
import { app } from './state'

/** A part read when it is wanted. Without its file nothing would be there: tried once more, then the way to the recovery page is shown. */
export function later<T extends Component>(loader: AsyncComponentLoader<T>): T {
  return defineAsyncComponent({
    loader,
    onError: (_, retry, fail, attempts) => {
      if (attempts < 2) return retry()
      app.isBroken = true
      fail()
    },
  })
}
