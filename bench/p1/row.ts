import type { Row } from '../row.ts';
import { ARMS, measureColdBuilds } from './measure.ts';
import { coldBuildTables } from './tables.ts';

/** P1: the whole system from nothing but sources, against the same recipes one build after another. */
export const coldBuild: Row = {
  name: 'p1',
  peers: [],
  measure: (context) => measureColdBuilds(context, ARMS),
  tables: coldBuildTables,
};
