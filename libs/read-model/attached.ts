/**
 * Read models that another process makes and fills. Here they are only read: nothing is migrated, and while they are not there,
 * or are those of another version of the program, they are waited for.
 */
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createReadDataSource, MIGRATIONS } from '#read-model/data-source.js';
import { IN_USE, layoutOf } from '#read-model/projections/schema.js';
import { DatabaseUnavailable } from '#read-model/queries/snapshot.js';

/** The HTTP side knows it by this name. */
export class ReadModelsNotThere extends Error {
  override readonly name = 'ReadModelsNotThere';
  constructor(readonly reason: 'MISSING' | 'OTHER_LAYOUT') {
    super(
      reason === 'MISSING'
        ? 'The read models are not made yet: a projector makes them when it starts'
        : 'The read models are those of another version of this program: a projector of this version replaces them',
    );
  }
}

export interface AttachedReadModels {
  /** Connected only once they were found; until then `require` throws. */
  readonly dataSource: DataSource;
  /** As of the last look, a moment ago: throws `ReadModelsNotThere` or `DatabaseUnavailable` when they cannot be read. */
  require(): void;
  /** Looks now; rejects like `require`. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface AttachOptions {
  readonly url: string;
  readonly poolSize?: number;
  /** Told when they can no longer be read, and why, and with `undefined` when they can. */
  readonly onChange?: (why: Error | undefined) => void;
  readonly lookEveryMs?: number;
}

const LOOK_EVERY_MS = 1_000;

/** Begins to look for them. Never fails: what is wrong is said by `require` and `check`. */
export function attachReadModels(options: AttachOptions): AttachedReadModels {
  const { url, lookEveryMs = LOOK_EVERY_MS, onChange = () => undefined, ...pool } = options;
  const dataSource = createReadDataSource(url, pool);
  let why: Error | undefined = new DatabaseUnavailable({ cause: new Error('not looked for yet') });
  let looking: Promise<void> | undefined;
  let told: string | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  /** One look at a time, whoever asks. */
  const look = (): Promise<void> =>
    (looking ??= found(dataSource, url)
      .then(() => undefined, asReason)
      .then((reason) => {
        why = reason;
        if (told !== (why?.message ?? '')) onChange(why);
        told = why?.message ?? '';
        looking = undefined;
      }));
  const again = async (): Promise<void> => {
    await look();
    if (!closed) timer = setTimeout(() => void again(), lookEveryMs).unref();
  };
  const require = (): void => {
    if (why !== undefined) throw why;
  };
  void again();

  return {
    dataSource,
    require,
    check: async () => {
      await look();
      require();
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await looking;
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}

/** Resolves when they are there in this program's layout. Connects only then: TypeORM asks for the schema once. */
async function found(dataSource: DataSource, url: string): Promise<void> {
  const layout = dataSource.isInitialized ? await layoutOf(dataSource, IN_USE) : await layoutBefore(url);
  if (layout === undefined || layout.length === 0) throw new ReadModelsNotThere('MISSING');
  if (layout.join() !== OWN_LAYOUT.join()) throw new ReadModelsNotThere('OTHER_LAYOUT');
  if (!dataSource.isInitialized) await dataSource.initialize();
}

/** By the names of the migrations: TypeORM makes them only when it connects. */
const OWN_LAYOUT: readonly string[] = MIGRATIONS.map((migration) => migration.name);

const CONNECT_MS = 3_000;

async function layoutBefore(url: string): Promise<readonly string[] | undefined> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
  });
  // Told by the question that fails.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const query = async (sql: string, values?: unknown[]) => (await client.query(sql, values)).rows as never;
    return await layoutOf({ query }, IN_USE);
  } finally {
    client.end().catch(() => undefined);
  }
}

const asReason = (error: unknown): Error =>
  error instanceof ReadModelsNotThere || error instanceof DatabaseUnavailable
    ? error
    : new DatabaseUnavailable({ cause: error });
