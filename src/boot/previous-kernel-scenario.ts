import { unwrap } from '#base';
import type { Bench, Scenario } from './bench.ts';
import { failed, type Judgement, passed } from './check.ts';
import type { GuestShell } from './guest-shell.ts';
import { openLoaderMenu } from './loader-menu.ts';
import { bootAndLogIn, judgeExit, setPassword } from './login-steps.ts';
import { putOnEsp } from './throw-away-stick.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** An update of the kernel as docs/stick.md has it: what is there steps back, and what is new takes its place. */
const UPDATE = `mount /boot/efi && cd /boot/efi &&
cp vmlinuz vmlinuz.new && cp initrd.img initrd.new.img && sync &&
mv vmlinuz vmlinuz.old && mv initrd.img initrd.old.img &&
mv vmlinuz.new vmlinuz && mv initrd.new.img initrd.img &&
cd / && umount /boot/efi`;

/** After an update the kernel before it can be chosen; and it starts by itself where the new one cannot be loaded. */
export const previousKernelScenario: Scenario = {
  name: 'starts the previous kernel',
  run: async (bench) => {
    const password = await setPassword(bench);
    await bench.step('first boot, and an update', () =>
      bootAndLogIn(bench, { password }, async (shell) => {
        await judgeKernel(bench, shell, '/vmlinuz');
        const updated = unwrap(await shell.run(UPDATE));
        bench.record({ name: 'the kernel is updated', ...judgeExit(updated.exitCode) });
      }),
    );
    await bench.step('second boot, as it comes', () =>
      bootAndLogIn(bench, { password }, (shell) => judgeKernel(bench, shell, '/vmlinuz')),
    );
    await bench.step('third boot, by the menu', () =>
      bootAndLogIn(bench, { password, before: choosePrevious }, (shell) =>
        judgeKernel(bench, shell, '/vmlinuz.old'),
      ),
    );
    const damaged = { name: 'vmlinuz', text: 'This is no kernel.\n' };
    unwrap(await putOnEsp(bench.stick, damaged, bench.env));
    await bench.step('fourth boot, with a new kernel that cannot be loaded', () =>
      bootAndLogIn(bench, { password }, (shell) => judgeKernel(bench, shell, '/vmlinuz.old')),
    );
  },
};

/** On the serial line, where a person may sit who is far from the keyboard. */
async function choosePrevious(machine: VirtualMachine): Promise<void> {
  await openLoaderMenu(machine, /BlazeNeuro, the previous kernel/);
  machine.console.type('p');
}

/** GRUB tells the kernel by which name it was loaded. */
async function judgeKernel(bench: Bench, shell: GuestShell, path: string): Promise<void> {
  const command = 'cat /proc/cmdline';
  const { output } = unwrap(await shell.run(command));
  bench.record({ name: `the kernel is ${path}`, command, output, ...judgeLoaded(output, path) });
}

/** Judges a kernel's command line by the file that it should have been loaded from. */
export function judgeLoaded(commandLine: string, path: string): Judgement {
  const loaded = /(?:^|\s)BOOT_IMAGE=(?:\([^)]*\))?(\S+)/.exec(commandLine)?.[1];
  return loaded === path ? passed(loaded) : failed(`it is ${loaded}: ${commandLine.trim()}`);
}
