/** The recovery page's own words: it must not need the app's catalogues, which need Vue. */
const zh = {
  title: '恢复页面',
  intro: '应用打不开时，可在这里送出或导出本机尚未送达的记录。本页不会删除任何内容。',
  empty: '本机没有保存的记录。',
  counts: '待送 {ops} 条记录、{photos} 张照片',
  nothing: '全部已送达，没有待送记录。',
  unreadable: '读不出：{why}',
  send: '立即发送',
  sending: '正在发送…',
  sent: '已送达 {ops} 条记录、{photos} 张照片。',
  still: '还有 {ops} 条记录、{photos} 张照片未送达：{why}',
  busy: '另一个随查窗口正在发送，请先关闭其他随查窗口。',
  offline: '没有网络或服务器无法连接',
  'sign-in': '需重新登录',
  upgrade: '应用版本过旧，请更新后再送，或导出交办公室',
  revoked: '本机或账号已停用，内容转办公室处理',
  later: '服务器暂未接受（{code}）',
  signin: '请输入密码登录后发送',
  password: '密码',
  submit: '登录并发送',
  refused: '账号或密码不正确，或暂时不能登录。',
  other: '请用本人的账号登录。',
  save: '导出',
  exported: '已导出 {ops} 条记录、{photos} 张照片。文件可由办公室导入。',
  without: '有 {n} 张照片读不出，未在文件内。',
  person: '人员 {id}',
  back: '返回应用',
}

const en: Record<keyof typeof zh, string> = {
  title: 'Recovery',
  intro: 'If the app does not open, records that have not been delivered can be sent or exported here. This page deletes nothing.',
  empty: 'No records are kept on this phone.',
  counts: 'To send: records {ops}, photos {photos}',
  nothing: 'All delivered, nothing to send.',
  unreadable: 'Cannot be read: {why}',
  send: 'Send now',
  sending: 'Sending…',
  sent: 'Delivered: records {ops}, photos {photos}.',
  still: 'Not delivered yet: records {ops}, photos {photos} ({why})',
  busy: 'Another Suicha window is sending. Close the other Suicha windows first.',
  offline: 'no network, or the server cannot be reached',
  'sign-in': 'sign in again',
  upgrade: 'the app is too old: update it, or export the file for the office',
  revoked: 'this phone or account is revoked; the office gets the records',
  later: 'the server did not accept it yet ({code})',
  signin: 'Sign in to send',
  password: 'Password',
  submit: 'Sign in and send',
  refused: 'Wrong account or password, or signing in is not possible now.',
  other: 'Please sign in with your own account.',
  save: 'Export',
  exported: 'Exported: records {ops}, photos {photos}. The office can import the file.',
  without: '{n} photos could not be read and are not in the file.',
  person: 'Person {id}',
  back: 'Back to the app',
}

export type Word = keyof typeof zh
export const WORDS: Record<'zh_CN' | 'en', Record<Word, string>> = { zh_CN: zh, en }

let locale: 'zh_CN' | 'en' = 'zh_CN'
export function speak(name: string | null | undefined): void {
  locale = name === 'en' ? 'en' : 'zh_CN'
}

export function say(word: Word, params: Record<string, string | number> = {}): string {
  return WORDS[locale][word].replaceAll(/\{(\w+)\}/g, (all, name: string) => (name in params ? String(params[name]) : all))
}
