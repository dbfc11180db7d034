import { DEBIAN_SOURCES } from '../p8/debian.ts';
import { mustRun } from '../peer.ts';

/** A Debian of the variant with a kernel that boots it from a disk of a cloud, and no more than that. */
export async function makePlainDebian(variant: 'essential' | 'minbase', tree: string): Promise<string> {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  const options = ['--quiet', '--mode=root', `--variant=${variant}`, '--include=linux-image-cloud-amd64'];
  await mustRun(['mmdebstrap', ...options, 'bookworm', tree, DEBIAN_SOURCES], '/', env);
  return tree;
}
