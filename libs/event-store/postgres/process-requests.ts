/** What is asked of the process manager from other processes, beside what it keeps. Expiry is by the database's clock. */
import type { ProcessRequests } from '../process/port.js';
import type { Ask } from './process-store.js';

export const REQUESTS_DDL = `
  CREATE TABLE process.retry (
    id     uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY
  );
  CREATE TABLE process.pause (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    owner   uuid NOT NULL,
    granted boolean NOT NULL,
    until   timestamptz NOT NULL
  );
`;

/** A pause that is over was not rested through: who asks for it again waits to be granted it again. */
const ASK_PAUSE = `
  INSERT INTO process.pause AS held (owner, granted, until)
  VALUES ($1, false, clock_timestamp() + $2 * interval '1 millisecond')
  ON CONFLICT (one) DO UPDATE SET owner = excluded.owner, until = excluded.until,
    granted = held.granted AND held.owner = excluded.owner AND held.until > clock_timestamp()
  WHERE held.owner = excluded.owner OR held.until <= clock_timestamp()
  RETURNING granted`;

interface Pause {
  readonly owner: string;
  readonly granted: boolean;
}

export function processRequests(ask: Ask): ProcessRequests {
  return {
    askRetry: async (id) => {
      await ask('INSERT INTO process.retry (id) VALUES ($1) ON CONFLICT (id) DO NOTHING', [id]);
    },
    isAsked: async (id) => (await ask('SELECT id FROM process.retry WHERE id = $1', [id])).length > 0,
    retries: async () =>
      (await ask<{ id: string }>('SELECT id FROM process.retry ORDER BY number LIMIT 100', [])).map(({ id }) => id),
    retried: async (id) => {
      await ask('DELETE FROM process.retry WHERE id = $1', [id]);
    },
    askPause: async (owner, forMs) => {
      const [held] = await ask<Pause>(ASK_PAUSE, [owner, forMs]);
      if (held === undefined) return 'others';
      return held.granted ? 'granted' : 'asked';
    },
    pause: async () => {
      const [held] = await ask<Pause>('SELECT owner, granted FROM process.pause WHERE until > clock_timestamp()', []);
      return held;
    },
    grantPause: async (owner) => {
      await ask('UPDATE process.pause SET granted = true WHERE owner = $1 AND until > clock_timestamp()', [owner]);
    },
    endPause: async (owner) => {
      await ask('DELETE FROM process.pause WHERE owner = $1', [owner]);
    },
  };
}
