import { ok } from '#base';
import { type JudgedDrive, listDrives, THIS_MACHINE } from '#drive';
import { makeInk } from '#report';
import { drivesText } from './drives-text.ts';
import type { Handler } from './run-command.ts';

/** `drives`: what may be written, and why the rest may not. */
export function drivesCommand(): Handler {
  return async ({ flags }) => {
    const judged = await listDrives(THIS_MACHINE);
    const isColored = flags.color && process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
    const lines = flags.json
      ? judged.map(jsonLine)
      : drivesText(judged, { ink: makeInk(isColored), verbose: flags.verbose });
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    return ok(0);
  };
}

function jsonLine({ drive, refusals }: JudgedDrive): string {
  return JSON.stringify({ type: 'drive', ...drive, mayBeWritten: refusals.length === 0, refusals });
}
