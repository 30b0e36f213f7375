/** A run's name as a file can be named on every system. */
export function fileName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N}.,()\- ]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  return plain || 'report'
}
