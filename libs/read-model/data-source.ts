/**
 * The database of the read models. Entities and SQL name no schema: the connection's `search_path` does, so that a rebuild
 * fills a second schema with the same code and the two change places (design 6.7).
 */
import pg from 'pg';
import { DataSource } from 'typeorm';
import { SnakeNames } from '#read-model/entities/columns.js';
import { UnitChange } from '#read-model/entities/directory.js';
import { BudgetLine, LineDefinition, PlanRow } from '#read-model/entities/lines.js';
import { Account, DayBalance, Journal } from '#read-model/entities/money.js';
import {
  Adjustment,
  CarryOver,
  Freeze,
  Payment,
  PaymentRequest,
  PaymentReturn,
  TakeBack,
} from '#read-model/entities/papers.js';
import { PerformanceEntry } from '#read-model/entities/performance.js';
import { LogClock, Parked, ProjectionPosition, StreamPosition } from '#read-model/entities/progress.js';
import { Mention, Milestone } from '#read-model/entities/story.js';
import { lockOf } from '#read-model/held.js';
import { ensureLayout, type LayoutOptions } from '#read-model/layout.js';
import { ReadModels1795564800000 } from '#read-model/migrations/read-models.js';

export const ENTITIES = [
  Account,
  Journal,
  DayBalance,
  BudgetLine,
  LineDefinition,
  PlanRow,
  Payment,
  PaymentReturn,
  PaymentRequest,
  Freeze,
  Adjustment,
  CarryOver,
  TakeBack,
  Milestone,
  Mention,
  PerformanceEntry,
  UnitChange,
  LogClock,
  ProjectionPosition,
  StreamPosition,
  Parked,
];

export const MIGRATIONS = [ReadModels1795564800000];

/** A pool over the read models, not yet connected: call `initialize()`, or `openReadModels` to migrate as well. */
export const createReadDataSource = (url: string, { poolSize = 10 } = {}): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    namingStrategy: new SnakeNames(),
    poolSize,
    connectTimeoutMS: CONNECT_MS,
    applicationName: 'budget-ledger read models',
    extra: {
      options: `-c search_path=read -c idle_in_transaction_session_timeout=${SILENT_MS}`,
      types: CIVIL_DATES,
      onConnect: surviveDisconnection,
    },
  });

export interface OpenOptions extends LayoutOptions {
  readonly poolSize?: number;
}

/** Creates the schema if it is missing, connects, and sees to it that the tables have this program's layout. */
export async function openReadModels(url: string, options: OpenOptions = {}): Promise<DataSource> {
  const dataSource = createReadDataSource(url, options);
  await prepareReadModels(dataSource, url, options);
  return dataSource;
}

/**
 * The same for a pool that is there but not connected; after a failure it may be tried again. Processes that start together do
 * so one after another.
 */
export async function prepareReadModels(
  dataSource: DataSource,
  url: string,
  options: LayoutOptions = {},
): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  surviveDisconnection(client);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1, $2)', [...lockOf('layout')]);
    // Before TypeORM connects: it asks for the current schema once, and there would be none.
    await client.query('CREATE SCHEMA IF NOT EXISTS read');
    await opened(dataSource, options);
  } finally {
    await client.end();
  }
}

async function opened(dataSource: DataSource, options: LayoutOptions): Promise<void> {
  await dataSource.initialize();
  try {
    await ensureLayout(dataSource, options);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/**
 * Between pg-pool and TypeORM a client has a moment without a listener, and an error then would end the process. Whoever uses
 * the client learns of it from the query that fails.
 */
const surviveDisconnection = (client: pg.Client): void => {
  client.on('error', () => undefined);
};

/** What a paused process has open is ended after this: its locks would keep others from rebuilding or migrating. */
const SILENT_MS = 60_000;

/** How long a reader waits for a connection; then the database counts as unavailable. */
const CONNECT_MS = 5_000;

const DATE = 1082;

/** `pg` would read a date as local midnight, which is another day elsewhere. Only for this pool, never globally. */
const CIVIL_DATES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) =>
    oid === DATE ? (text) => text : (pg.types.getTypeParser(oid, format) as (text: string) => unknown),
};
