/**
 * JSON with one spelling: fields sorted by code unit, no white space, absent fields left out.
 * Throws on what JSON cannot say (functions, NaN, maps, dates), since a key must never depend on it silently.
 */
export function canonicalJson(data: unknown): string {
  if (data === null || typeof data === 'boolean' || typeof data === 'string') return JSON.stringify(data);
  if (typeof data === 'number') {
    if (!Number.isFinite(data)) throw new TypeError(`Not a JSON number: ${data}`);
    return JSON.stringify(data);
  }
  // Array.from sees the holes of an array, which map would skip.
  if (Array.isArray(data)) return `[${Array.from(data, canonicalJson).join(',')}]`;
  if (typeof data === 'object') return canonicalObject(data);
  throw new TypeError(`Not JSON: ${typeof data}`);
}

function canonicalObject(data: object): string {
  // A Map or a Date has no fields of its own: any two of them would be spelled alike.
  const kind: unknown = Object.getPrototypeOf(data);
  if (kind !== Object.prototype && kind !== null) throw new TypeError(`Not JSON: ${data.constructor.name}`);
  const fields = Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${JSON.stringify(name)}:${canonicalJson(value)}`);
  return `{${fields.join(',')}}`;
}
