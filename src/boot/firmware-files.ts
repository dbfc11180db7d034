import { access } from 'node:fs/promises';
import { fail, isErrno, ok, type Result } from '#base';
import type { Firmware } from './machine.ts';

/** A firmware's code, and the variables that it starts with: never written to, only copied. */
export type FirmwareTemplate = { readonly codePath: string; readonly varsPath: string };

/** Where distributions put OVMF: Debian and Ubuntu, Fedora, Arch. */
const TEMPLATES: Readonly<Record<'uefi' | 'uefi32', readonly FirmwareTemplate[]>> = {
  uefi: [
    pair('/usr/share/OVMF', 'OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd'),
    pair('/usr/share/edk2/ovmf', 'OVMF_CODE.fd', 'OVMF_VARS.fd'),
    pair('/usr/share/edk2/x64', 'OVMF_CODE.4m.fd', 'OVMF_VARS.4m.fd'),
    pair('/usr/share/OVMF', 'OVMF_CODE.fd', 'OVMF_VARS.fd'),
  ],
  uefi32: [
    pair('/usr/share/OVMF', 'OVMF32_CODE_4M.secboot.fd', 'OVMF32_VARS_4M.fd'),
    pair('/usr/share/edk2/ia32', 'OVMF_CODE.secboot.4m.fd', 'OVMF_VARS.4m.fd'),
  ],
};

const PACKAGES = { uefi: 'ovmf', uefi32: 'ovmf-ia32' } as const;

/** The files of a firmware on this host; null for SeaBIOS, which QEMU brings itself. */
export async function findFirmware(firmware: Firmware): Promise<Result<FirmwareTemplate | null>> {
  if (firmware === 'bios') return ok(null);
  for (const template of TEMPLATES[firmware]) {
    if ((await exists(template.codePath)) && (await exists(template.varsPath))) return ok(template);
  }
  return fail({
    kind: 'host-lacks',
    subject: firmware,
    message: `The firmware ${firmware} for QEMU is not installed: ${TEMPLATES[firmware][0]?.codePath} is missing.`,
    hint: `On Debian and Ubuntu: apt-get install ${PACKAGES[firmware]}`,
  });
}

function pair(folder: string, code: string, vars: string): FirmwareTemplate {
  return { codePath: `${folder}/${code}`, varsPath: `${folder}/${vars}` };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}
