const WASM_PAGE_BYTES = 64 * 1024;

/** The one part of WebAssembly that is needed here; its types belong to browsers' libraries. */
declare const WebAssembly: {
  readonly Memory: new (pages: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/**
 * Buffers of one size whose memory begins at a whole page, as O_DIRECT asks for (open(2)): Node's own are not aligned,
 * and the memory of WebAssembly, of which no line is run, is.
 */
export function alignedSlots(count: number, sizeBytes: number): readonly Buffer[] {
  const memory = new WebAssembly.Memory({ initial: Math.ceil((count * sizeBytes) / WASM_PAGE_BYTES) });
  return Array.from({ length: count }, (_, at) => Buffer.from(memory.buffer, at * sizeBytes, sizeBytes));
}
