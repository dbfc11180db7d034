import { SANDBOX_PATHS } from '#recipe';

/**
 * The environment of a package's own tests, from that of its build: a home that can be written to, and no $OUT, where
 * they have nothing to do and which suites take for a variable of their own.
 */
export function testsEnvironment({
  OUT: _,
  ...env
}: Readonly<Record<string, string>>): Record<string, string> {
  return { ...env, HOME: SANDBOX_PATHS.work };
}
