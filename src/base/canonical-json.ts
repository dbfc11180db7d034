/**
 * JSON with one spelling: fields sorted by code unit, no white space, absent fields left out.
 * Throws on what JSON cannot say (functions, NaN), since a key must never depend on it silently.
 */
export function canonicalJson(data: unknown): string {
  if (data === null || typeof data === 'boolean' || typeof data === 'string') return JSON.stringify(data);
  if (typeof data === 'number') {
    if (!Number.isFinite(data)) throw new TypeError(`Not a JSON number: ${data}`);
    return JSON.stringify(data);
  }
  if (Array.isArray(data)) return `[${data.map(canonicalJson).join(',')}]`;
  if (typeof data === 'object') {
    const fields = Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, value]) => `${JSON.stringify(name)}:${canonicalJson(value)}`);
    return `{${fields.join(',')}}`;
  }
  throw new TypeError(`Not JSON: ${typeof data}`);
}
