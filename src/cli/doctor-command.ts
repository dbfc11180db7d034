import { ok } from '#base';
import { checkHost, type Finding, judgeFindings } from '#host';
import { makeInk } from '#report';
import type { Handler } from './run-command.ts';

/** `doctor`: every requirement of the host, what it has, and how to mend what it lacks. */
export function doctorCommand(): Handler {
  return async (session) => {
    const findings = await checkHost({ storeFolder: session.storeRoot });
    if (session.flags.json) {
      for (const finding of findings)
        process.stdout.write(`${JSON.stringify({ type: 'finding', ...finding })}\n`);
    } else {
      const ink = makeInk(session.flags.color && process.stdout.isTTY === true);
      const verdict = (finding: Finding) => (finding.ok ? ink.good('ok  ') : ink.bad('LACK'));
      for (const finding of findings) {
        process.stdout.write(
          `${verdict(finding)} ${finding.name}: ${finding.have ?? 'missing'}; needed: ${finding.want}\n`,
        );
      }
    }
    const judged = judgeFindings(findings);
    return judged.ok ? ok(0) : judged;
  };
}
