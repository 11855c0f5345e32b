/** Writes lines of facts into the lower edge of a copy: white on a dark band, whatever the picture. */
export function drawStamp(canvas: HTMLCanvasElement, lines: string[]): void {
  const pen = canvas.getContext('2d')!
  const size = Math.max(14, Math.round(Math.min(canvas.width, canvas.height) / 32))
  pen.font = `${size}px sans-serif`
  const inner = canvas.width - 2 * size
  const rows = lines.filter(Boolean).flatMap((line) => wrap(line, inner, (text) => pen.measureText(text).width))
  const height = (rows.length + 0.8) * size * 1.4
  pen.fillStyle = 'rgb(0 0 0 / 78%)'
  pen.fillRect(0, canvas.height - height, canvas.width, height)
  pen.fillStyle = '#fff'
  pen.textBaseline = 'top'
  rows.forEach((row, n) => pen.fillText(row, size, canvas.height - height + (n + 0.5) * size * 1.4))
}

/** Chinese breaks anywhere; a word of Latin letters or digits stays whole where it fits. */
export function wrap(line: string, width: number, measure: (text: string) => number): string[] {
  const rows: string[] = []
  let row = ''
  for (const part of line.match(/[\w.:±+-]+|[^\w]/g) ?? []) {
    const pieces = measure(part) > width ? [...part] : [part]
    for (const piece of pieces) {
      if (row && measure(row + piece) > width) {
        rows.push(row)
        row = ''
      }
      if (row || piece !== ' ') row += piece
    }
  }
  return row ? [...rows, row] : rows
}
