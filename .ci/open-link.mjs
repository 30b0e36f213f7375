// Opens a link as `lab serve` prints it, without a browser: node open-link.mjs LINK. Exits 0 if the page is there and the link opens a session.
import { once } from 'node:events'
import { decode, encode } from '@msgpack/msgpack'
import { WebSocket } from 'ws'

const link = new URL(process.argv[2])
const page = await fetch(link)
if (page.status !== 200) throw new Error(`The page answers with ${page.status}`)

const socket = new WebSocket(`ws://${link.host}/lab`, { origin: link.origin })
await once(socket, 'open')
socket.send(encode({ link: new URLSearchParams(link.hash.slice(1)).get('link') }))
const [answer] = await Promise.race([once(socket, 'message'), once(socket, 'close')])
socket.terminate()
if (!(answer instanceof Buffer) || !decode(answer).session) throw new Error(`The link opens no session (${answer})`)
