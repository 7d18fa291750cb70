/** What went wrong, as data: every fault with its place. The words are for people, the class decides the exit code. */

/** `place` is an option (`--amount`), a column and row of a file, or a JSON pointer. */
export interface Fault {
  readonly place?: string;
  readonly code?: string;
  readonly message: string;
  /** Facts that the message does not spell out, such as the first entry under a number that is taken. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** The command itself is not as it must be: nothing was sent. Exit code 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  readonly faults: readonly Fault[];
  constructor(...faults: readonly Fault[]) {
    super(faults.map(({ message }) => message).join('; '));
    this.faults = faults;
  }
}

/** RFC 9457 body of the system's "no". */
export interface ProblemBody {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly detail?: string;
  readonly faults?: readonly {
    readonly pointer?: string;
    readonly parameter?: string;
    readonly code: string;
    readonly message: string;
    readonly [fact: string]: unknown;
  }[];
  readonly correlationId?: string;
  /** With 412: the revision that the stream has. */
  readonly revision?: number | 'none';
  /** Of a trial that was refused: what it would have been. */
  readonly preview?: object;
}

/** The system answered with a problem. Exit code 1, 2 or 3 by its status. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly problem: ProblemBody,
    /** What the caller calls the place that a JSON pointer names. */
    private readonly placeOf: (pointer: string) => string = (pointer) => pointer,
  ) {
    super(problem.detail ?? problem.title);
  }

  /** The same refusal of a request whose body was made from options. */
  of(placeOf: (pointer: string) => string): Refused {
    return new Refused(this.problem, placeOf);
  }

  get faults(): readonly Fault[] {
    return (this.problem.faults ?? []).map(({ pointer, parameter, code, message, ...facts }) => {
      const named = parameter === undefined ? undefined : optionOf(parameter);
      const place = pointer ? this.placeOf(pointer) : named;
      const untold = Object.fromEntries(Object.entries(facts).filter(([, fact]) => typeof fact === 'object'));
      return {
        ...(place === undefined ? {} : { place }),
        code,
        message,
        ...(Object.keys(untold).length === 0 ? {} : { facts: untold }),
      };
    });
  }
}

/** Nobody answers, somebody else does, or the answer broke off. Exit code 3. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Whoever read our output has gone (`budget journal | head`): nothing is wrong, and nothing more is wanted. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/**
 * Exit code of a refusal: 2 when the request was not understood (its form, an address that names nothing), 1 when a rule
 * or somebody's writing in between stands against it, 3 when the system failed. A log file that is none is bad input.
 */
export function exitCodeOf({ problem: { status, code } }: Refused): 1 | 2 | 3 {
  if (status >= 500) return 3;
  if (code.startsWith('LOG_FILE_')) return 2;
  return [409, 412, 422, 428].includes(status) ? 1 : 2;
}

const PARAMETER_OPTIONS: Readonly<Record<string, string>> = {
  asOf: '--at',
  checkpoint: '--at',
  knownAt: '--known-at',
  atLeast: '--at-least',
  minAmount: '--min-amount',
  maxAmount: '--max-amount',
  approvedOn: '--approved-on',
  'Idempotency-Key': '--key',
  'If-Match': '--if-match',
  a: '<a>',
  b: '[b]',
};

/** What the caller of the command line calls a parameter of the address. */
const optionOf = (parameter: string): string => PARAMETER_OPTIONS[parameter] ?? `--${parameter}`;
