// What the system's error codes mean, in words, and what a user can do about each.

interface Meaning {
  /** What was found: follows `found`, without a full stop. */
  found: string
  /** What helps who writes: a sentence without a full stop. */
  remedy: string
  /** What was found and what helps where a file is read, if that differs. */
  foundReading?: string
  whenReading?: string
}

const noPermission = {
  found: 'permissions that don’t let your account write there',
  remedy: 'Give your account the right to write there, or choose another folder',
  foundReading: 'permissions that don’t let your account read it',
  whenReading: 'Give your account the right to read it'
}
const noDisk = {
  found: 'a disk that is not there any more',
  remedy: 'Connect it again, or choose another folder',
  whenReading: 'Connect it again'
}
const noAnswer = {
  found: 'a network disk that does not answer',
  remedy: 'See that the network is there, or choose another folder',
  whenReading: 'See that the network is there, and try again'
}
const noSupport = { found: 'a disk that can’t do this', remedy: 'Choose a folder on another disk' }

const meanings: Readonly<Record<string, Meaning>> = {
  ENOENT: { found: 'no folder to put it in', remedy: 'See that the folder is still there, or choose another' },
  ENOTDIR: { found: 'a file where a folder should be', remedy: 'Move that file, or choose another folder' },
  EISDIR: { found: 'a folder of that name', remedy: 'Move that folder, or choose another name' },
  EEXIST: { found: 'something else of that name', remedy: 'Move it, or choose another name' },
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: { found: 'a read-only disk', remedy: 'Choose a folder on a disk that can be written' },
  ENOSPC: { found: 'a full disk', remedy: 'Free some space or choose another folder, then continue the run' },
  EDQUOT: {
    found: 'a used-up quota',
    remedy: 'Delete files of yours on that disk or choose another folder, then continue the run'
  },
  EFBIG: {
    found: 'a file larger than the disk or a limit of your account allows',
    remedy: 'Choose a folder on another disk, or raise the limit (ulimit -f shows it)'
  },
  EIO: {
    found: 'a fault of the disk',
    remedy: 'Check the disk, and choose a folder on another one',
    whenReading: 'Check the disk, and try again'
  },
  ESTALE: {
    found: 'a network disk that has lost the file',
    remedy: 'Connect the disk anew, or choose another folder',
    whenReading: 'Connect the disk anew'
  },
  ENXIO: noDisk,
  ENODEV: noDisk,
  ETIMEDOUT: noAnswer,
  EHOSTDOWN: noAnswer,
  ENOTCONN: noAnswer,
  EREMOTEIO: noAnswer,
  EMFILE: {
    found: 'too many files open in this application',
    remedy: 'Start it again, or raise the limit (ulimit -n shows it)'
  },
  ENFILE: { found: 'too many files open on this machine', remedy: 'Close other programs' },
  ENOMEM: { found: 'no memory left', remedy: 'Close other programs' },
  ENAMETOOLONG: {
    found: 'a name longer than the disk allows',
    remedy: 'Choose a shorter file name, or a folder with a shorter path',
    whenReading: 'Move it to where its path is shorter'
  },
  EINVAL: noSupport,
  ENOTSUP: noSupport,
  EOPNOTSUPP: noSupport,
  ENOSYS: noSupport,
  ELOOP: {
    found: 'a symbolic link that can’t be followed',
    remedy: 'Choose a folder without such a link',
    whenReading: 'Put the file itself in the place of the link'
  },
  EBUSY: { found: 'a file that another program holds', remedy: 'Close the program that uses it' },
  ETXTBSY: { found: 'a file that another program holds', remedy: 'Close the program that uses it' }
}

/** The code of a failed system call, `ENOSPC`; an empty text where the error is of another kind. */
export function systemCode(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

/** What writing a file or folder failed for, and what helps. */
export function systemReason(error: unknown): Meaning {
  const code = systemCode(error)
  return meanings[code] ?? { found: code || String(error), remedy: 'Choose another folder', whenReading: 'Try again' }
}

/** What reading a file failed for, and what helps: the file itself may be whole. */
export function readingReason(error: unknown): Pick<Meaning, 'found' | 'remedy'> {
  const { found, remedy, foundReading = found, whenReading = remedy } = systemReason(error)
  return { found: foundReading, remedy: whenReading }
}
