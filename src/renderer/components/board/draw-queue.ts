// Charts that wait to be drawn: as many a frame as fit into a budget, so that twelve of them never hold up the page.

const BUDGET_MILLISECONDS = 12
const waiting = new Set<() => void>()

/** Draws at the next frame, or soon after where many wait. Asked again before that, it is drawn once. */
export function drawSoon(draw: () => void): void {
  if (waiting.size === 0) requestAnimationFrame(drawWaiting)
  waiting.add(draw)
}

export function forgetDrawing(draw: () => void): void {
  waiting.delete(draw)
}

function drawWaiting(): void {
  const end = performance.now() + BUDGET_MILLISECONDS
  for (const draw of waiting) {
    waiting.delete(draw)
    draw()
    if (performance.now() >= end) break
  }
  if (waiting.size > 0) requestAnimationFrame(drawWaiting)
}
