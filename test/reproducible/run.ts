/**
 * `npm run test:reproducible -- image | all | BUILD…`: makes again what the store has, in other surroundings, and
 * compares every byte. `image` assembles the whole image in each of the variations, a few seconds each; names of builds
 * build those again, on top of the first artifacts; `all`, or nothing, builds every one of them, and then the image.
 * Needs a store in which the profile has been built. PROFILE names the profile (default minimal), CONFIG an overlay.
 */

import { unwrap } from '#base';
import { lockStore, openSession } from '#cli';
import { builtProfileFlags } from '../built-profile.ts';
import { repeatBuilds } from './builds-run.ts';
import { type Counts, repeatImage } from './image-run.ts';

const words = process.argv.slice(2);
const session = unwrap(await openSession(builtProfileFlags(), () => {}, new AbortController().signal));
const isAll = words.length === 0 || words.includes('all');
const builds = words.filter((word) => word !== 'all' && word !== 'image');

const done: Counts[] = [];
if (isAll || builds.length > 0) {
  await using _lock = unwrap(await lockStore(session));
  done.push(await repeatBuilds(session, isAll ? [] : builds));
}
if (isAll || words.includes('image')) done.push(await repeatImage(session));

const sum = (name: keyof Counts): number => done.reduce((total, counts) => total + counts[name], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
