// The parts of Chart.js that our charts are made of: `Chart.register(...chartParts)` once, before the first chart.
import { LinearScale, LineController, LineElement, LogarithmicScale, PointElement } from 'chart.js'

export const chartParts = [LineController, LineElement, PointElement, LinearScale, LogarithmicScale]
