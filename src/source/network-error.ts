import { errors } from 'undici';

/** Whether an error is one that networks, servers and time limits make; anything else is a bug. */
export function isNetworkError(error: unknown): error is Error {
  if (error instanceof errors.UndiciError) return !(error instanceof errors.InvalidArgumentError);
  if (error instanceof DOMException) return ['AbortError', 'TimeoutError'].includes(error.name);
  if (error instanceof AggregateError) return error.errors.every(isNetworkError);
  if (!(error instanceof Error)) return false;
  if (error.name === 'AbortError') return true;
  if ('syscall' in error) return ['connect', 'getaddrinfo', 'read', 'write'].includes(String(error.syscall));
  return 'code' in error && CODES.test(String(error.code));
}

/** TLS, certificates (X509_V_ERR_… as Node names them), resets, and what is no HTTP. */
const CODES =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_|HOSTNAME_MISMATCH|PATH_LENGTH|ERROR_IN_CERT|EPROTO|ECONNRESET|EPIPE|HPE_)/;

/** In a word or a sentence, what a network error says. */
export function reasonOf(error: Error): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? first.code : undefined;
  return typeof code === 'string' ? code : error.message;
}
