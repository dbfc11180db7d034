import type { Store } from '#store';

/** A store that is read as it is, and takes nothing in: what would be committed goes to `commit` instead. */
export function takingNothingIn(store: Store, commit: Store['commit']): Store {
  return {
    stagingFolder: () => store.stagingFolder(),
    hasBlob: (digest) => store.hasBlob(digest),
    blobPath: (digest) => store.blobPath(digest),
    addBlob: (file, digest) => store.addBlob(file, digest),
    lookUp: (key) => store.lookUp(key),
    lastRecord: (build) => store.lastRecord(build),
    manifest: (artifact) => store.manifest(artifact),
    treePath: (artifact) => store.treePath(artifact),
    forget: (key) => store.forget(key),
    stateFolder: (name) => store.stateFolder(name),
    commit,
  };
}
