import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normalEntry } from './direct-kernel.ts';

const menu = `set default=normal
menuentry 'Verbose' --id verbose --hotkey=v {
  linux /other verbose
  initrd /other.img
}
menuentry 'BlazeNeuro' --id normal --hotkey=n {
  linux /vmlinuz root=PARTUUID=1 quiet 'dyndbg='\\''x'\\'''
  initrd /initrd.img
}
`;

describe('the entry that starts by itself', () => {
  it('has its kernel, its initrd and its words', () => {
    assert.deepEqual(normalEntry(menu), {
      kernel: '/vmlinuz',
      initrd: '/initrd.img',
      commandLine: "root=PARTUUID=1 quiet dyndbg='x'",
    });
  });

  it('is not made up', () => {
    assert.equal(normalEntry(menu.replace('normal --hotkey', 'usual --hotkey')), undefined);
    assert.equal(normalEntry(menu.replace('  initrd /initrd.img\n', '')), undefined);
    assert.equal(normalEntry(''), undefined);
  });
});
