import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type HostPath, ok } from '#base';
import { type Finding, openBytes, verifyImage } from '#drive';
import { MANIFEST_NAME } from '#manifest';
import { makeInk } from '#report';
import { outFolder } from './locations.ts';
import { manifestBeside, readManifest } from './read-image-manifest.ts';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';
import { expectedText, unexpectedText, verdictText } from './verify-text.ts';

/** `verify IMAGE|DRIVE`: what differs from the manifest, told apart from what a running system changes. */
export function verifyCommand(path: string, manifestPath: string | undefined): Handler {
  return async (session) => {
    const opened = await openBytes(resolve(path));
    if (!opened.ok) return opened;
    await using reader = opened.value;
    const place =
      manifestPath === undefined ? await usualManifest(session, resolve(path)) : resolve(manifestPath);
    const manifest = await readManifest(place, path);
    if (!manifest.ok) return manifest;
    const findings = await verifyImage(reader, manifest.value);
    if (!findings.ok) return findings;
    const counts = session.flags.json
      ? await tellAsJson(findings.value)
      : await tellAsText(session, findings.value, place);
    return ok(counts.differ === 0 ? 0 : 1);
  };
}

/** Beside an image; a drive has none beside it, so that of the profile's image. */
async function usualManifest(session: Session, path: HostPath): Promise<HostPath> {
  const isImage = (await stat(path)).isFile();
  return isImage ? manifestBeside(path) : join(outFolder(session.project.profile.name), MANIFEST_NAME);
}

/** How many findings there were of both kinds. */
type Counts = { readonly differ: number; readonly expected: number };

async function tellAsJson(findings: AsyncIterable<Finding>): Promise<Counts> {
  const counts = { differ: 0, expected: 0 };
  for await (const finding of findings) {
    count(counts, finding);
    process.stdout.write(`${JSON.stringify({ type: 'finding', ...finding })}\n`);
  }
  process.stdout.write(`${JSON.stringify({ type: 'verified', ok: counts.differ === 0, ...counts })}\n`);
  return counts;
}

/** A home folder may hold any number of files that are expected: only those that are shown are kept. */
async function tellAsText(
  session: Session,
  findings: AsyncIterable<Finding>,
  manifest: HostPath,
): Promise<Counts> {
  const { flags } = session;
  const ink = makeInk(flags.color && process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined);
  const counts = { differ: 0, expected: 0 };
  const reasons = new Map<string, number>();
  const write = (lines: readonly string[]): void => {
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  };
  for await (const finding of findings) {
    count(counts, finding);
    const reason = finding.expectedBecause;
    if (reason === undefined) write(unexpectedText(finding, ink));
    else if (flags.verbose) write(expectedText(finding, ink));
    else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (!flags.quiet) write(verdictText({ ...counts, reasons, manifest }, ink));
  return counts;
}

function count(counts: { differ: number; expected: number }, { expectedBecause }: Finding): void {
  if (expectedBecause === undefined) counts.differ += 1;
  else counts.expected += 1;
}
