import { access, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, isErrno, ok, type Result } from '#base';
import type { Firmware, FirmwareFiles } from './machine.ts';

/** A firmware's code, and the variables that it starts with: never written to, only copied. */
export type FirmwareTemplate = {
  readonly kind: 'uefi' | 'uefi32';
  readonly codePath: HostPath;
  readonly varsPath: HostPath;
};

/** Where distributions put OVMF: Debian and Ubuntu, Fedora, Arch. */
const TEMPLATES: Readonly<Record<'uefi' | 'uefi32', readonly FirmwareTemplate[]>> = {
  uefi: [
    at('uefi', '/usr/share/OVMF', 'OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd'),
    at('uefi', '/usr/share/edk2/ovmf', 'OVMF_CODE.fd', 'OVMF_VARS.fd'),
    at('uefi', '/usr/share/edk2/x64', 'OVMF_CODE.4m.fd', 'OVMF_VARS.4m.fd'),
    at('uefi', '/usr/share/OVMF', 'OVMF_CODE.fd', 'OVMF_VARS.fd'),
  ],
  uefi32: [
    at('uefi32', '/usr/share/OVMF', 'OVMF32_CODE_4M.secboot.fd', 'OVMF32_VARS_4M.fd'),
    at('uefi32', '/usr/share/edk2/ia32', 'OVMF_CODE.secboot.4m.fd', 'OVMF_VARS.4m.fd'),
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

/** The variables are a machine's own memory: each gets a fresh copy, in a folder that lives as long as its stick. */
export async function copyFirmware(
  template: FirmwareTemplate | null,
  folder: HostPath,
): Promise<FirmwareFiles> {
  if (template === null) return { kind: 'bios' };
  const varsPath = join(folder, 'firmware-variables.fd');
  await copyFile(template.varsPath, varsPath);
  return { ...template, varsPath };
}

function at(kind: 'uefi' | 'uefi32', folder: string, code: string, vars: string): FirmwareTemplate {
  return { kind, codePath: join(folder, code), varsPath: join(folder, vars) };
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
