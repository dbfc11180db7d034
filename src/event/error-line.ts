/** What compilers, make, ninja, shells and linkers write where something went wrong. */
const ERROR_LINE =
  /\b(?:fatal )?error\b\s*[:[]|\*\*\* |^FAILED: |: (?:command not found|No such file or directory|Permission denied)$|undefined reference|cannot find -l|Killed$/i;

/** Whether a line of a log tells of an error: such lines are looked for, and stand out. */
export function isErrorLine(line: string): boolean {
  return ERROR_LINE.test(line);
}
