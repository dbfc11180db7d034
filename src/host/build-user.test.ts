import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findUser } from './build-user.ts';

const PASSWD = `root:x:0:0:root:/root:/bin/bash
lfs:x:998:997::/nonexistent:/usr/sbin/nologin
+::::::
`;

test('a user is found by name, with uid and gid', () => {
  assert.deepEqual(
    findUser(PASSWD, (user) => user.name === 'lfs'),
    { name: 'lfs', uid: 998, gid: 997 },
  );
});

test('a user that is not there is not found', () => {
  assert.equal(
    findUser(PASSWD, (user) => user.name === 'nobody'),
    undefined,
  );
});
