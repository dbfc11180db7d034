/** A stretch of an image or a drive. */
export type ByteRange = { readonly offsetBytes: number; readonly lengthBytes: number };

/** Bytes that go over what an image has there. */
export type Patch = { readonly offsetBytes: number; readonly bytes: Uint8Array };

/** Bytes that can be read anywhere. */
export type ByteReader = {
  readonly sizeBytes: number;
  read(offsetBytes: number, lengthBytes: number): Promise<Buffer>;
};

/** Stand-in until #file-system is there. */
export function patchedReader(reader: ByteReader, patches: readonly Patch[]): ByteReader {
  return {
    sizeBytes: reader.sizeBytes,
    async read(offset, length) {
      const bytes = Buffer.from(await reader.read(offset, length));
      for (const patch of patches) {
        const begin = Math.max(patch.offsetBytes, offset);
        const end = Math.min(patch.offsetBytes + patch.bytes.length, offset + length);
        if (begin < end)
          bytes.set(patch.bytes.subarray(begin - patch.offsetBytes, end - patch.offsetBytes), begin - offset);
      }
      return bytes;
    },
  };
}
