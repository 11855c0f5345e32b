import { putSetting } from '@/storage/device'
import { app, type AppState } from './state'

export async function chooseTheme(theme: AppState['theme']): Promise<void> {
  app.theme = theme
  applyTheme()
  await putSetting('theme', theme)
}

/** On this phone, whoever signs in: it is read by the same eyes. */
export async function chooseTextSize(size: AppState['textSize']): Promise<void> {
  app.textSize = size
  applyTextSize()
  await putSetting('text_size', size)
}

export async function nameDevice(name: string): Promise<void> {
  app.deviceName = name
  await putSetting('device_name', name)
}

export function applyTheme(): void {
  if (app.theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = app.theme
}

export function applyTextSize(): void {
  if (app.textSize === 'normal') delete document.documentElement.dataset.text
  else document.documentElement.dataset.text = app.textSize
}

export function guessDeviceName(): string {
  const agent = navigator.userAgent
  const model = /Android [^;]+; ([^;)]+)/.exec(agent)?.[1]
  return model?.replace(/ Build.*/, '').slice(0, 40) ?? (/iPhone|iPad/.exec(agent)?.[0] ?? 'Web')
}
