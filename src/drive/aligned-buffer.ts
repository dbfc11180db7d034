/** The little of WebAssembly that is used here; TypeScript knows it only together with a browser. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
};

/** One page of WebAssembly's memory, which the engine maps by itself: it begins at a page of the machine. */
const PAGE_BYTES = 64 * 1024;

/** A buffer as reading past the page cache wants it: it begins where a page begins. Node's own do not. */
export function alignedBuffer(sizeBytes: number): Buffer {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(sizeBytes / PAGE_BYTES) });
  return Buffer.from(memory.buffer, 0, sizeBytes);
}
