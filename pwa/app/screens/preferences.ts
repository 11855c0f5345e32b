import { putSetting } from '@/storage/device'
import { app, type AppState } from './state'

export async function chooseTheme(theme: AppState['theme']): Promise<void> {
  app.theme = theme
  applyTheme()
  await putSetting('theme', theme)
}

export async function nameDevice(name: string): Promise<void> {
  app.deviceName = name
  await putSetting('device_name', name)
}

export function applyTheme(): void {
  if (app.theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = app.theme
}

export function guessDeviceName(): string {
  const agent = navigator.userAgent
  const model = /Android [^;]+; ([^;)]+)/.exec(agent)?.[1]
  return model?.replace(/ Build.*/, '').slice(0, 40) ?? (/iPhone|iPad/.exec(agent)?.[0] ?? 'Web')
}
