import { ATTRIBUTE_WRITERS, CALLS, type CallNumbers, FIRST_UNKNOWN_CALL, FORBIDDEN } from './system-calls.ts';

// Opcodes of classic BPF, and what the kernel hands to a filter (linux/bpf_common.h, linux/seccomp.h).
const LOAD_WORD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_ANY_BIT = 0x45;
const RETURN = 0x06;
const CALL_NUMBER_AT = 0;
const ARCHITECTURE_AT = 4;
const FIRST_ARGUMENT_AT = 16;
const SECOND_ARGUMENT_AT = 24;
const ALLOW = 0x7fff0000;
const ANSWER_ERROR = 0x00050000;

// Errors, as asm-generic/errno.h numbers them on both architectures.
const EPERM = 1;
const ENOSYS = 38;
const EOPNOTSUPP = 95;
const EAFNOSUPPORT = 97;

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 (linux/audit.h). */
const ARCHITECTURES = [0xc000003e, 0xc00000b7] as const;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET (linux/sched.h). */
const NEW_NAMESPACE_FLAGS = 0x7e020000;

/** TIOCSTI types into a terminal, TIOCLINUX pastes into one (asm-generic/ioctls.h). */
const TERMINAL_INPUT_REQUESTS = [0x5412, 0x541c];

/**
 * AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: those that end at the sandbox's own network namespace. AF_VSOCK is why there
 * is a list: it reaches the machine that a virtual machine runs on, whatever the namespace.
 */
const ADDRESS_FAMILIES = [1, 2, 10, 16];

/** One instruction: opcode, how far to jump if so and if not, operand. */
type Instruction = readonly [code: number, ifSo: number, ifNot: number, operand: number];

/**
 * The filter of system calls that every build runs under, as `bwrap --seccomp` reads it: the same bytes on every
 * machine. Calls that Linux gained later do not exist for a build, nor do those of 32-bit programs.
 */
export function seccompFilter(): Uint8Array {
  const program = ARCHITECTURES.flatMap((architecture, at) => {
    const rules = rulesOf(at);
    // Jumps are relative and at most 255 long, so that a rule set which does not apply is stepped over in two.
    return [...loadAndSkipUnless(architecture, rules.length), ...rules];
  });
  return encode([...program, answer(ENOSYS)]);
}

function rulesOf(at: number): Instruction[] {
  const numberOf = (numbers: CallNumbers): readonly number[] => {
    const number = numbers[at];
    return number === null || number === undefined ? [] : [number];
  };
  const refuse = (calls: Readonly<Record<string, CallNumbers>>, error: number) =>
    Object.values(calls).flatMap((numbers) =>
      numberOf(numbers).flatMap((number) => onCall(number, answer(error))),
    );
  const on = (numbers: CallNumbers, ...then: Instruction[]) =>
    numberOf(numbers).flatMap((number) => onCall(number, ...then));
  const newNamespace: Instruction[] = [
    load(FIRST_ARGUMENT_AT),
    ...unlessAnyBit(NEW_NAMESPACE_FLAGS),
    answer(EPERM),
  ];
  return [
    load(CALL_NUMBER_AT),
    [JUMP_IF_AT_LEAST, 0, 1, FIRST_UNKNOWN_CALL],
    answer(ENOSYS),
    ...on(CALLS.clone, ...newNamespace),
    // Its flags lie in memory, where no filter can look; the C libraries then use clone.
    ...on(CALLS.clone3, answer(ENOSYS)),
    ...on(CALLS.unshare, ...newNamespace),
    ...on(CALLS.ioctl, load(SECOND_ARGUMENT_AT), ...ifOneOf(TERMINAL_INPUT_REQUESTS, EPERM)),
    ...on(CALLS.socket, load(FIRST_ARGUMENT_AT), ...unlessOneOf(ADDRESS_FAMILIES, EAFNOSUPPORT)),
    ...refuse(ATTRIBUTE_WRITERS, EOPNOTSUPP),
    ...refuse(FORBIDDEN, EPERM),
    allow(),
  ];
}

function loadAndSkipUnless(architecture: number, length: number): Instruction[] {
  return [load(ARCHITECTURE_AT), [JUMP_IF_EQUAL, 0, length, architecture]];
}

/** What is done on one call; whoever comes out of it alive is let through. */
function onCall(number: number, ...then: Instruction[]): Instruction[] {
  const last = then.at(-1);
  const whole = last?.[0] === RETURN && then.length === 1 ? then : [...then, allow()];
  return [[JUMP_IF_EQUAL, 0, whole.length, number], ...whole];
}

/** Lets the next instruction, a refusal, happen only if one of the bits is set. */
function unlessAnyBit(bits: number): Instruction[] {
  return [[JUMP_IF_ANY_BIT, 0, 1, bits]];
}

function ifOneOf(values: readonly number[], error: number): Instruction[] {
  return values.flatMap((value): Instruction[] => [[JUMP_IF_EQUAL, 0, 1, value], answer(error)]);
}

function unlessOneOf(values: readonly number[], error: number): Instruction[] {
  return [
    ...values.flatMap((value): Instruction[] => [[JUMP_IF_EQUAL, 0, 1, value], allow()]),
    answer(error),
  ];
}

function load(offset: number): Instruction {
  return [LOAD_WORD, 0, 0, offset];
}

function answer(error: number): Instruction {
  return [RETURN, 0, 0, ANSWER_ERROR | error];
}

function allow(): Instruction {
  return [RETURN, 0, 0, ALLOW];
}

/** struct sock_filter (linux/filter.h), little-endian as both architectures are. */
function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [at, [code, ifSo, ifNot, operand]] of program.entries()) {
    if (ifSo > 255 || ifNot > 255)
      throw new Error(`A jump over ${ifNot} instructions does not fit into a byte`);
    view.setUint16(at * 8, code, true);
    view.setUint8(at * 8 + 2, ifSo);
    view.setUint8(at * 8 + 3, ifNot);
    view.setUint32(at * 8 + 4, operand, true);
  }
  return bytes;
}
