import { extensionOf } from './baseline.ts';

/** What the instructions of a file tell. Examples are `address: instruction`, the first of their kind. */
export type CodeFacts = {
  /** An example for each extension that is used beyond the baseline. */
  readonly extensions: ReadonlyMap<string, string>;
  /** Whether it asks the processor what it can do (cpuid). */
  readonly asksProcessor: boolean;
  /** Whether any function compares the stack protector's canary. */
  readonly readsCanary: boolean;
  /** A place that hands on the address of a variable on its stack, which the stack protector would guard. */
  readonly localAddress: string | undefined;
  /** A place that takes more stack at once than a guard page is large, without touching it page by page. */
  readonly longStep: string | undefined;
};

// Words that stand before an instruction and change nothing here.
const PREFIXES =
  /^(?:(?:rep|repz|repnz|lock|notrack|bnd|data16|addr32|[cdefgs]s|rex(?:\.[WRXB]+)?|xacquire|xrelease) )+/;
const GUARD_PAGE_BYTES = 4096;
const LONGEST_STEP_BYTES = 2 ** 31;

/** Reads what `objdump -d --no-show-raw-insn` writes, a line at a time. */
export class CodeReader {
  readonly #extensions = new Map<string, string>();
  /** Most lines repeat what was there before. */
  readonly #known = new Map<string, string | undefined>();
  #asksProcessor = false;
  #readsCanary = false;
  #isInFrame = false;
  #localAddress: string | undefined;
  #longStep: string | undefined;

  take(line: string): void {
    const tab = line.indexOf(':\t');
    if (tab === -1) return;
    const text = line.slice(tab + 2).trimEnd();
    const instruction = text.replace(PREFIXES, '');
    const space = instruction.indexOf(' ');
    const mnemonic = space === -1 ? instruction : instruction.slice(0, space);
    const operands = space === -1 ? '' : instruction.slice(space).trimStart();
    const example = `${line.slice(0, tab).trim()}: ${instruction.replace(/\s+/g, ' ')}`;
    const extension = this.#extensionOf(mnemonic);
    if (extension !== undefined && !this.#extensions.has(extension)) this.#extensions.set(extension, example);
    this.#takeOperands(mnemonic, operands, example);
  }

  facts(): CodeFacts {
    return {
      extensions: this.#extensions,
      asksProcessor: this.#asksProcessor,
      readsCanary: this.#readsCanary,
      localAddress: this.#localAddress,
      longStep: this.#longStep,
    };
  }

  #takeOperands(mnemonic: string, operands: string, example: string): void {
    if (mnemonic === 'cpuid') this.#asksProcessor = true;
    // The canary's place in the thread's own block: x86-64 psABI of GCC's -fstack-protector.
    if (operands.includes('%fs:0x28')) this.#readsCanary = true;
    // Between these %rbp points to the function's frame; elsewhere it holds whatever the compiler likes.
    if (mnemonic === 'mov' && operands === '%rsp,%rbp') this.#isInFrame = true;
    if (mnemonic === 'ret' || mnemonic === 'leave' || (mnemonic === 'pop' && operands === '%rbp'))
      this.#isInFrame = false;
    if (mnemonic === 'lea') this.#takeAddress(operands, example);
    if (mnemonic === 'sub' && isLongStep(operands)) this.#longStep ??= example;
  }

  #takeAddress(operands: string, example: string): void {
    // Not `lea 0x8(%rsp),%r10`: with it a function begins that aligns its stack.
    if (/^(?:0x[0-9a-f]+)?\(%rsp\),%(?!rsp|r10)/.test(operands)) this.#localAddress ??= example;
    if (this.#isInFrame && /^-0x[0-9a-f]+\(%rbp\),%(?!rsp)/.test(operands)) this.#localAddress ??= example;
  }

  #extensionOf(mnemonic: string): string | undefined {
    if (!this.#known.has(mnemonic)) this.#known.set(mnemonic, extensionOf(mnemonic));
    return this.#known.get(mnemonic);
  }
}

/** GCC's -fstack-clash-protection goes down a page at a time. A negative number, as a large one, gives stack back. */
function isLongStep(operands: string): boolean {
  const [, bytes] = /^\$(0x[0-9a-f]+),%rsp$/.exec(operands) ?? [];
  return bytes !== undefined && Number(bytes) > GUARD_PAGE_BYTES && Number(bytes) < LONGEST_STEP_BYTES;
}
