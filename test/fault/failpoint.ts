/**
 * Points at which a process dies when it is told to, found by what it sends to the database, so that the product needs to
 * know nothing of them.
 */
import pg from 'pg';

/**
 * Before an append is sent; when it is sent and nobody waits for the answer; when it is stored and its caller has no answer
 * yet. Before and after the commit of a batch of the projections, which writes rows and position.
 */
export const FAILPOINTS = ['before append', 'during append', 'after append', 'before commit', 'after commit'] as const;

export interface Failpoint {
  readonly at: (typeof FAILPOINTS)[number];
  /** Dies the nth time. */
  readonly nth: number;
  /** Only at an append that holds an event of this type. */
  readonly type?: string;
  /** Only at an append to this stream. */
  readonly stream?: string;
}

/** What the parent process sends; it is answered by the same message. */
export interface Arm {
  readonly arm: Failpoint;
}

type Query = (this: pg.Client, ...given: unknown[]) => unknown;

/** From now on the last `Arm` message decides where this process ends, by SIGKILL: nothing is tidied up. */
export function armOnDemand(): void {
  let armed: Failpoint | undefined;
  let passed = 0;
  process.on('message', (message: Partial<Arm>) => {
    if (message.arm === undefined) return;
    armed = message.arm;
    passed = 0;
    process.send?.(message);
  });
  const reached = (at: Failpoint['at'], sent: Sent): boolean =>
    armed?.at === at && isMeant(armed, sent) && (passed += 1) >= armed.nth;
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const query = prototype.query;
  prototype.query = function (...given) {
    const sent = read(given);
    if (sent === undefined) return query.apply(this, given);
    if (reached(`before ${sent.what}`, sent)) die();
    const answer = query.apply(this, given);
    if (sent.what === 'append' && reached('during append', sent)) dieOnceSent();
    return answer instanceof Promise ? answer.then((result: unknown) => survive(result, sent)) : answer;
  };
  const survive = (result: unknown, sent: Sent): unknown => {
    if (reached(`after ${sent.what}`, sent)) die();
    return result;
  };
}

interface Sent {
  readonly what: 'append' | 'commit';
  readonly values: readonly unknown[];
}

/** An append is one statement with the events of many; a commit is one of the read models, as the log has none. */
function read([first]: readonly unknown[]): Sent | undefined {
  if (first === 'COMMIT') return { what: 'commit', values: [] };
  const { text, values } = (first ?? {}) as { readonly text?: unknown; readonly values?: readonly unknown[] };
  return typeof text === 'string' && text.includes('INSERT INTO log.event')
    ? { what: 'append', values: values ?? [] }
    : undefined;
}

/** Arrays are sent in binary form, in which texts stand as they are. */
const isMeant = ({ type, stream }: Failpoint, { values }: Sent): boolean =>
  [type, stream].every(
    (text) => text === undefined || values.some((value) => Buffer.isBuffer(value) && value.includes(text)),
  );

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** The statement leaves this process when the current turn is over. */
const dieOnceSent = (): void => void setImmediate(die);
