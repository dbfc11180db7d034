/** Speed is told of so much of the time that has just gone by. */
const SPEED_MS = 10_000;

type Heard = { readonly name: string; readonly atMs: number; readonly sizeBytes: number };

/** The bytes that came lately, by what they belong to. */
export class RecentBytes {
  #heard: Heard[] = [];

  hear(heard: Heard): void {
    this.#heard = this.#heard.filter((one) => one.atMs >= heard.atMs - SPEED_MS);
    this.#heard.push(heard);
  }

  /** Of one name, or of all together. */
  perSecond(nowMs: number, of: { readonly sinceMs: number; readonly name?: string }): number {
    const fromMs = Math.max(nowMs - SPEED_MS, of.sinceMs);
    const heard = this.#heard.filter((one) => one.atMs >= fromMs && (of.name ?? one.name) === one.name);
    const bytes = heard.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    return (bytes * 1000) / Math.max(nowMs - fromMs, 1000);
  }
}
