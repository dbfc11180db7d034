import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { logsFolder, outFolder, PROJECT_ROOT, storeFolder } from './locations.ts';

describe('the store lies', () => {
  it('where BLAZENEURO_STORE says, as an absolute path', () => {
    assert.equal(storeFolder({ BLAZENEURO_STORE: '/a/store', XDG_CACHE_HOME: '/cache' }), '/a/store');
    assert.equal(storeFolder({ BLAZENEURO_STORE: 'store' }), join(process.cwd(), 'store'));
  });

  it("else in the user's cache folder", () => {
    assert.equal(storeFolder({ XDG_CACHE_HOME: '/cache' }), '/cache/blazeneuro');
    assert.equal(storeFolder({}), join(homedir(), '.cache/blazeneuro'));
  });

  it('not where a variable is empty, or against the rules', () => {
    assert.equal(
      storeFolder({ BLAZENEURO_STORE: '', XDG_CACHE_HOME: '' }),
      join(homedir(), '.cache/blazeneuro'),
    );
    assert.equal(storeFolder({ XDG_CACHE_HOME: 'relative' }), join(homedir(), '.cache/blazeneuro'));
  });
});

it('results and logs lie below the folder that the command runs in', () => {
  assert.equal(outFolder('minimal'), join(process.cwd(), 'out/minimal'));
  assert.equal(logsFolder(), join(process.cwd(), 'logs'));
});

it('the project is found from its own files', () => {
  assert.ok(existsSync(join(PROJECT_ROOT, 'config/packages.list')));
});
