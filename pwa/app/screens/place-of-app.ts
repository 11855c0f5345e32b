/** An iPhone or iPad that runs the app in the browser: its stores are deleted after seven days without use. */
export function isBareApple(): boolean {
  const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
  return isApple && !matchMedia('(display-mode: standalone)').matches
}
