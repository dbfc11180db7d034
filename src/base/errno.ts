/** Whether a thrown value is the system error with this code: to catch the one that is expected, and no other. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Whether a thrown value says that the disk, or the user's share of it, is full. */
export function isNoSpace(error: unknown): boolean {
  return isErrno(error, 'ENOSPC') || isErrno(error, 'EDQUOT');
}
