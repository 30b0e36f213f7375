// npm runs a script in the folder of package.json; paths on the command line mean the folder in which the user has typed them.

/** Goes there, where npm has started this very script and says which it is. */
export function goToUsersFolder({ npm_lifecycle_event: script, INIT_CWD: folder } = process.env) {
  if (['lab', 'start'].includes(script) && folder) process.chdir(folder)
}
