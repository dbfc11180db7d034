import type { Problem } from '#base';
import type { Pin } from '#recipe';
import type { Answer } from './answer.ts';

/** An origin that gave no bytes, or the wrong ones. */
export type Failure = { readonly pin: Pin; readonly answer: Answer };

/** What an origin said, for people. */
export function describeAnswer(answer: Answer): string {
  switch (answer.outcome) {
    case 'verified':
      return 'gave the right bytes';
    case 'unavailable':
      return answer.reason;
    case 'bad-signature':
      return `gave the right bytes, but ${answer.reason}`;
    case 'wrong-size':
      return `gave ${answer.actual} instead of ${answer.expected}`;
    case 'wrong-digest':
      return `gave sha256:${answer.actual} instead of sha256:${answer.expected}`;
  }
}

/** No origin gave the bytes of a name. Wrong bytes are worse news than none: they decide the kind. */
export function noSource(name: string, failures: readonly Failure[], wasStopped: boolean): Problem {
  const details = failures.map(({ pin, answer }) => `${pin.origin.text}: ${describeAnswer(answer)}`);
  if (wasStopped) {
    return { kind: 'interrupted', subject: name, message: `Fetching ${name} was stopped`, details };
  }
  const forged = failures.find(({ answer }) => answer.outcome === 'bad-signature');
  if (forged?.answer.outcome === 'bad-signature') {
    return {
      kind: 'bad-signature',
      subject: name,
      message: `Upstream's signature of ${name} is not good: ${forged.answer.reason}`,
      place: forged.answer.place,
      hint: `If upstream signs with another key now, get that key from a place you trust, and put it into the keyring and the line of ${name} in signatures.list`,
      details,
    };
  }
  const wrong = failures.find(
    ({ answer }) => answer.outcome === 'wrong-digest' || answer.outcome === 'wrong-size',
  );
  if (wrong !== undefined) {
    return {
      kind: 'digest-mismatch',
      subject: name,
      message: `The bytes of ${name} are not the pinned ones: ${wrong.pin.origin.text} ${describeAnswer(wrong.answer)}`,
      place: `config/packages.list:${wrong.pin.line}`,
      hint: `If upstream replaced the file, check its signature, then run: blazeneuro pin ${name} ${wrong.pin.version}`,
      details,
    };
  }
  return {
    kind: 'source-unavailable',
    subject: name,
    message: `No origin of ${name} could be reached or had it`,
    hint: `Get the file on another machine and pin it as one more origin: blazeneuro pin ${name} ${failures[0]?.pin.version ?? 'VERSION'} file:PATH`,
    details,
  };
}
