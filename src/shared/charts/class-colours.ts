// Ten colours for the classes of a data set, which have no order: at least 3 : 1 on each surface of their theme.

const light = [
  '#1f6fb4',
  '#b8500a',
  '#2a8a3e',
  '#c62f36',
  '#7d5bb5',
  '#8a5a3c',
  '#c4449a',
  '#6b6f76',
  '#767b00',
  '#00818a'
]
const dark = [
  '#6aaef0',
  '#f59a55',
  '#6cc97c',
  '#f27d80',
  '#b79ae8',
  '#c79b7c',
  '#f09bd0',
  '#a3a8b0',
  '#c5c94a',
  '#4fd0d8'
]

/** By class, in the theme; classes beyond ten begin again. */
export function classColours(theme: 'light' | 'dark', count = 10): string[] {
  const colours = theme === 'dark' ? dark : light
  return Array.from({ length: count }, (_, index) => colours[index % colours.length] as string)
}
