// What a command may answer, whatever was done to it: an end by itself, in sentences.

/** A stack trace or an object printed raw: no answer for a user. */
const RAW = /^\s+at .+:\d+:\d+\)?$|\[object Object\]|UnhandledPromise/m

/** It ended by itself and said what it said in sentences. Answers with faults, none if it did. */
export function said({ isStuck, text }) {
  return [...(isStuck ? ['stuck'] : []), ...(RAW.test(text) ? [`raw words: ${text.match(RAW)[0].trim()}`] : [])]
}

/** The same, and with exit code 0. */
export function wentWell(end) {
  return [...said(end), ...(end.code === 0 ? [] : [`ended with ${end.code ?? end.signal}: ${end.text.slice(-300)}`])]
}

/** The same, but with a failure that is told in these words. */
export function failedWith(words, end) {
  if (end.code !== 0 && end.text.includes(words)) return said(end)
  return [...said(end), `expected "${words}", found exit code ${end.code ?? end.signal} and: ${end.text.slice(-300)}`]
}
