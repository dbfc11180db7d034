/** Stand-in until the writer's proof is there. */
export type OpenDrive = AsyncDisposable & {
  readonly sizeBytes: number;
  write(bytes: Uint8Array, offsetBytes: number): Promise<void>;
  read(into: Uint8Array, offsetBytes: number): Promise<void>;
  flush(): Promise<void>;
};
