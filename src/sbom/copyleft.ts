import { ok, type Result } from '#base';
import { type Licensed, readLicences } from './licences.ts';

/**
 * Families of SPDX licences that oblige whoever passes programs on to offer their source as well, if only that of the
 * files under them. A family is what stands before the version: `GPL` is all of GPL-1.0-only to GPL-3.0-or-later.
 */
const COPYLEFT_FAMILIES = [
  // The GNU licences; GFDL asks for an editable copy of a text.
  'AGPL',
  'GFDL',
  'GPL',
  'LGPL',
  // Copyleft by file or by work: Mozilla, Sun, Eclipse and what came before it, Apple, Microsoft.
  'APSL',
  'CDDL',
  'CPL',
  'EPL',
  'IPL',
  'MPL',
  'MS-RL',
  'SPL',
  // Of the European Union and of France; CECILL-B is not, and CECILL-C is as LGPL.
  'CECILL-1.0',
  'CECILL-1.1',
  'CECILL-2.0',
  'CECILL-2.1',
  'CECILL-C',
  'EUPL',
  // Open Software Licence, Reciprocal Public Licence, Berkeley DB, Qt of old.
  'OSL',
  'QPL',
  'RPL',
  'Sleepycat',
];

/**
 * The recipes of which a licence asks for the source. One that leaves the choice (`MIT OR GPL-2.0-only`) counts: more
 * sources than asked for harm nobody.
 */
export async function copyleftRecipes(licensed: Iterable<Licensed>): Promise<Result<ReadonlySet<string>>> {
  const all = [...licensed];
  const read = await readLicences(all);
  if (!read.ok) return read;
  const isOne = ({ license }: Licensed) => read.value.get(license)?.some(isCopyleft) === true;
  return ok(new Set(all.filter(isOne).map(({ recipe }) => recipe)));
}

/** Whether one licence, by its SPDX name, asks for the source. */
export function isCopyleft(license: string): boolean {
  return COPYLEFT_FAMILIES.some((family) => license === family || license.startsWith(`${family}-`));
}
