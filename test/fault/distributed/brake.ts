/** A process whose database is slower than it is, when it is told so. */
import pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';

/** What the parent process sends; it is answered by the same message. 1 takes the brake off. */
export interface Brake {
  readonly timesSlower: number;
}

type Query = (this: pg.Client, ...given: unknown[]) => unknown;

/** From now on every statement takes so many times what it takes, by the last `Brake` message. */
export function brakeOnDemand(): void {
  let timesSlower = 1;
  process.on('message', (message: Partial<Brake>) => {
    if (message.timesSlower === undefined) return;
    timesSlower = message.timesSlower;
    process.send?.(message);
  });
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const query = prototype.query;
  prototype.query = function (...given) {
    const since = performance.now();
    const answer = query.apply(this, given);
    if (!(answer instanceof Promise) || timesSlower === 1) return answer;
    return answer.finally(() => pause((performance.now() - since) * (timesSlower - 1)));
  };
}
