import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hintedEvent, withChosenFlags } from './hinted-commands.ts';

const hinted = (hint: string, chosen: { readonly config?: string; readonly profile?: string }) =>
  withChosenFlags(
    { kind: 'not-built', subject: 'x', message: 'blazeneuro build', hint },
    { config: chosen.config, profile: chosen.profile ?? 'minimal' },
  ).hint;

test('every command of a hint gets the overlay and the profile that were given', () => {
  assert.equal(
    hinted('Look around: blazeneuro shell final/x\nBuild it: blazeneuro build --rebuild final/x', {
      config: 'my overlay',
      profile: 'toy',
    }),
    "Look around: blazeneuro --config 'my overlay' --profile toy shell final/x\n" +
      "Build it: blazeneuro --config 'my overlay' --profile toy build --rebuild final/x",
  );
  assert.equal(hinted('blazeneuro gc', { config: '$& $1' }), "blazeneuro --config '$& $1' gc");
});

test('without such flags a hint stays as it is, and so does what is no command', () => {
  assert.equal(hinted('Build it: blazeneuro build', {}), 'Build it: blazeneuro build');
  for (const hint of ['Look into /srv/blazeneuro and beyond', 'sh /x/blazeneuro build', 'blazeneuro: wait']) {
    assert.equal(hinted(hint, { profile: 'toy' }), hint);
  }
});

test('events carry such hints, and the others stay the same', () => {
  const chosen = { config: undefined, profile: 'toy' };
  const note = { type: 'note', level: 'info', message: 'blazeneuro build' } as const;
  assert.equal(hintedEvent(note, chosen), note);
  const problem = { kind: 'not-built', subject: 'x', message: 'No', hint: 'blazeneuro build' } as const;
  const event = hintedEvent({ type: 'problem', problem }, chosen);
  assert.equal(event.problem.hint, 'blazeneuro --profile toy build');
});
