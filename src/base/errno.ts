/** Whether a thrown value is the system error with this code: to catch the one that is expected, and no other. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
