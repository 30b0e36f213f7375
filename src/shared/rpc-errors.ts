// How birpc's messages carry errors: as data, since a LabError would lose its kind on the way.
import { LabError, toLabErrorData, type LabErrorData } from './errors'

/** Options for both ends of a line. */
export const errorsAsData = {
  serialize: (message: object) => ('e' in message ? { ...message, e: toLabErrorData(message.e) } : message),
  deserialize: (message: { e?: LabErrorData }) => (message.e ? { ...message, e: LabError.from(message.e) } : message)
}
