import type { DataSource } from 'typeorm';
import type { LogReader } from '#read-model/projections/log-reader.js';

/** The log is not the one that the read models were filled from. The message says what to do. */
export class OtherLog extends Error {
  override readonly name = 'OtherLog';
  constructor(stream: string, revision: number) {
    super(
      `the read models hold revision ${revision} of ${stream}, which the log has not, or at another place: it is another ` +
        'log, or it was put back to an earlier state. Give this log a database of its own (DATABASE_URL), or drop what was ' +
        'projected (DROP SCHEMA read CASCADE): it is filled from the log again.',
    );
  }
}

/** Looks for the last event of the read models in the log. Throws `OtherLog`, or the log's or the database's error. */
export async function requireSameLog(dataSource: DataSource, log: LogReader): Promise<void> {
  const rows: { stream: string; revision: number; position: string }[] = await dataSource.query(
    'SELECT stream, revision, position FROM stream_position ORDER BY position DESC LIMIT 1',
  );
  const [last] = rows;
  if (last === undefined) return;
  for await (const event of log.read(last.stream, { from: last.revision, limit: 1 })) {
    if (log.order(event.position) === BigInt(last.position)) return;
  }
  throw new OtherLog(last.stream, last.revision);
}
