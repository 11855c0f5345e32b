/** Names of Icon.vue's drawings that data (not templates) refer to. */
export type IconName =
  | 'tick' | 'cross' | 'dash' | 'clock' | 'alert' | 'cloud' | 'offline' | 'send' | 'lock' | 'form' | 'pen' | 'flag' | 'undo'
