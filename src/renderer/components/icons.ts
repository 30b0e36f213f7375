// Outlines of the icons as SVG path data in a box of 16 × 16.

export const icons = {
  plus: 'M8 3v10M3 8h10',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  stop: 'M5 4h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z',
  play: 'M5 3.2v9.6L12.6 8z',
  report: 'M4 1.8h5.2L12.5 5v9.2H4zM9 2v3.2h3.3M6.2 8.2h4M6.2 10.8h4',
  gear: 'M2 4.5h7M12.5 4.5H14M2 11.5h1.5M7 11.5h7M12.4 4.5a1.7 1.7 0 1 1-3.4 0 1.7 1.7 0 0 1 3.4 0zM6.9 11.5a1.7 1.7 0 1 1-3.4 0 1.7 1.7 0 0 1 3.4 0z',
  rail: 'M3 3h10a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM6.2 3v10',
  chip: 'M5 4h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM6.5 4V1.8M9.5 4V1.8M6.5 14.2V12M9.5 14.2V12M4 6.5H1.8M4 9.5H1.8M14.2 6.5H12M14.2 9.5H12',
  chevron: 'M4.5 10 8 6.5l3.5 3.5',
  tick: 'M2.5 8.5 6 12l7.5-8',
  cross: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  bang: 'M8 2.2v7M8 12.9v.3',
  warning: 'M8 2 14.6 13.6H1.4zM8 6.4v3.4M8 11.6v.1',
  info: 'M14.2 8A6.2 6.2 0 1 1 1.8 8a6.2 6.2 0 0 1 12.4 0zM8 7.4v3.8M8 4.9V5',
  copy: 'M6.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1zM3.5 10.5h-1v-8h8v1',
  more: 'M3.4 8h.2M7.9 8h.2M12.4 8h.2',
  compare: 'M2.5 3h4.2v10H2.5zM9.3 3h4.2v10H9.3zM4.6 9.8V6.5M11.4 9.8V5',
  clock: 'M14.2 8A6.2 6.2 0 1 1 1.8 8a6.2 6.2 0 0 1 12.4 0zM8 4.6V8l2.4 1.6',
  search: 'M11 6.8a4.2 4.2 0 1 1-8.4 0 4.2 4.2 0 0 1 8.4 0zM9.8 9.8l3.7 3.7',
  undo: 'M5.5 2.8 2.5 5.8l3 3M2.8 5.8h6.4a4 4 0 0 1 0 8H6'
} as const
export type IconName = keyof typeof icons
