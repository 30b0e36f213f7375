// `npm run -s lab -- <command>`: builds if a source is newer, then runs the command in this very process, so that Ctrl-C reaches it once.
import { createRequire } from 'node:module'
import { buildIfStale } from './build-if-stale.mjs'
import { goToUsersFolder } from './users-folder.mjs'

buildIfStale()
goToUsersFolder()
createRequire(import.meta.url)('../out/main/index.js')
