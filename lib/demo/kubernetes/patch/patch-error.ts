/** A patch that cannot be read, or not be applied to this object. */
export class PatchError extends Error {
  /** true: the patch itself is malformed (400); false: it does not fit the object (422) */
  readonly isMalformed: boolean

  constructor(message: string, isMalformed = false) {
    super(message)
    this.name = 'PatchError'
    this.isMalformed = isMalformed
  }
}
