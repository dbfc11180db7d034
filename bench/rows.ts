import { coldBuild } from './p1/row.ts';
import { scheduling } from './p2/row.ts';
import { warmBuild } from './p3/row.ts';
import { noOp } from './p4/row.ts';
import { assembly } from './p6/row.ts';
import { flashing } from './p7/row.ts';
import { bootTimes } from './p8/row.ts';
import { sizes } from './p9/row.ts';
import { peaks } from './p10/row.ts';
import type { Row } from './row.ts';

/** Every row that is measured, in the order of the page. */
export const ROWS: readonly Row[] = [
  coldBuild,
  scheduling,
  warmBuild,
  noOp,
  assembly,
  flashing,
  bootTimes,
  sizes,
  peaks,
];
