// Obeys the overview's keys while it is on the page.
import { onBeforeUnmount, onMounted } from 'vue'
import { useCursorStore } from '../../stores/cursor-store'
import { boardCommand, goesOnWhileHeld, type BoardCommand } from './board-keys'

export function useBoardKeys(chooseDigit: (column: number) => void): void {
  const cursor = useCursorStore()

  function obey(command: BoardCommand): void {
    switch (command.type) {
      case 'step':
        return cursor.step(command.epochs)
      case 'first':
        cursor.pause()
        cursor.epoch = 1
        return
      case 'latest':
        return cursor.goLive()
      case 'play':
        return cursor.togglePlay()
      case 'toggleView':
        cursor.chartView = cursor.chartView === 'rows' ? 'overlaid' : 'rows'
        return
      case 'toggleScale':
        cursor.scale = cursor.scale === 'linear' ? 'log' : 'linear'
        return
      case 'digit':
        return chooseDigit(command.column)
    }
  }

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented) return
    const command = boardCommand(event, event.target instanceof Element ? event.target : null)
    if (!command) return
    event.preventDefault()
    if (!event.repeat || goesOnWhileHeld(command)) obey(command)
  }

  onMounted(() => addEventListener('keydown', onKey))
  onBeforeUnmount(() => removeEventListener('keydown', onKey))
}
