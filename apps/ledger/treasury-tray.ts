/**
 * Notices of the treasury that are right in themselves and cannot be booked as things stand: kept until they can be, in the
 * order in which they came. On PostgreSQL, in a schema of its own.
 */
import type pg from 'pg';
import type { Position } from '#domain/envelope.js';
import { connect, discard, readFailure, readingPool } from '#event-store/postgres/connection.js';
import type { TreasuryNotice } from '#messaging/treasury.js';
import type { Fault } from '#platform/problem.js';

/** `dismissed`: a person has decided that it is not booked; a retry takes it up again. */
export const TRAY_STATES = ['waiting', 'booked', 'dismissed'] as const;
export type TrayState = (typeof TRAY_STATES)[number];

/** Why it waits. */
export interface TrayReason {
  readonly code: string;
  readonly detail: string;
  readonly faults: readonly Fault[];
}

export interface TrayEntry {
  /** Of the notice: the same one again has the same. */
  readonly id: string;
  readonly notice: TreasuryNotice;
  readonly state: TrayState;
  /** When it was put in, UTC ms. */
  readonly since: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** Revision of its budget that the last try knew of; absent when it is worth a try whatever happened. */
  readonly tried?: number;
  readonly reason: TrayReason;
  readonly origin: { readonly topic: string; readonly partition: number; readonly offset: string };
  readonly correlationId: string;
  readonly traceparent: string;
  /** What it has booked; `events` 0 when an equal entry was there. */
  readonly written?: {
    readonly stream: string;
    readonly revision: number;
    readonly position: Position | 'start';
    readonly events: number;
  };
  readonly dismissal?: { readonly reason: string; readonly by: string; readonly at: number };
}

/** As kept: `order` is the place among all that came. */
export interface TrayPlace extends TrayEntry {
  readonly order: bigint;
}

export interface TrayFilter {
  readonly unit?: string;
  readonly year?: number;
  readonly states?: readonly TrayState[];
}

export interface UnitYear {
  readonly unit: string;
  readonly year: number;
}

/** What notices are about. */
export interface VoucherPlace extends UnitYear {
  readonly voucherNo: string;
}

export interface Held extends VoucherPlace {
  readonly kind: TreasuryNotice['kind'];
}

/** Throws `StoreUnavailable` when it cannot be reached. */
export interface Tray {
  /** Keeps them in the order given, all or none; one that is there already stays as it is. */
  put(entries: readonly TrayEntry[]): Promise<void>;
  find(id: string): Promise<TrayPlace | undefined>;
  /** Those of these ids that are there, by their state. */
  known(ids: readonly string[]): Promise<ReadonlyMap<string, TrayState>>;
  /** Those of these vouchers that notices wait about, once with the kind of each. */
  held(vouchers: readonly VoucherPlace[]): Promise<readonly Held[]>;
  /** Budgets that notices wait for. */
  places(): Promise<readonly UnitYear[]>;
  /** Oldest first, after a place; whatever state when the filter names none. */
  list(filter: TrayFilter, page: { readonly limit: number; readonly after?: bigint }): Promise<readonly TrayPlace[]>;
  /** What became of an entry. False when its state is not `from` any more, and nothing was changed. */
  change(entry: TrayEntry, from: TrayState): Promise<boolean>;
  waiting(): Promise<number>;
  close(): Promise<void>;
}

const DDL = `
  CREATE SCHEMA treasury;
  CREATE TABLE treasury.tray (
    place   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id      uuid NOT NULL UNIQUE,
    unit    text COLLATE "C" NOT NULL,
    year    integer NOT NULL,
    voucher text COLLATE "C" NOT NULL,
    state   text COLLATE "C" NOT NULL,
    body    jsonb NOT NULL
  );
  CREATE INDEX tray_of_budget ON treasury.tray (unit, year, place);
  CREATE INDEX tray_waiting ON treasury.tray (unit, year, voucher) WHERE state = 'waiting';
`;

/** Any number that nothing else locks. */
const MIGRATION_LOCK = 4_207_341;

const TIMEOUT_MS = 5_000;

export interface TrayOptions {
  readonly url: string;
  readonly timeoutMs?: number;
  /** Told of idle connections that are lost. */
  readonly onError: (error: unknown) => void;
}

/**
 * The tray of a database that may be away: every call fails with `StoreUnavailable` until it is there, and then creates what is
 * missing first.
 */
export function createTray({ url, timeoutMs = TIMEOUT_MS, onError }: TrayOptions): Tray {
  let migrated: Promise<void> | undefined;
  const ready = (): Promise<void> =>
    (migrated ??= migrate(url, timeoutMs).catch((error: unknown) => {
      migrated = undefined;
      throw readFailure(error);
    }));
  return trayOn(readingPool(url, timeoutMs, onError), ready);
}

async function migrate(url: string, timeoutMs: number): Promise<void> {
  const client = await connect(url, timeoutMs);
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('treasury.tray') IS NOT NULL AS there`);
    if (!rows[0]?.there) await client.query(DDL);
    await client.query('COMMIT');
  } finally {
    // Without a commit the transaction ends with the connection.
    discard(client);
  }
}

interface Row {
  readonly place: string;
  readonly id: string;
  readonly unit: string;
  readonly year: number;
  readonly state: TrayState;
  readonly body: Omit<TrayEntry, 'id' | 'state'>;
}

function trayOn(pool: pg.Pool, ready: () => Promise<void>): Tray {
  const rows = async <Found = Row>(statement: string, values: readonly unknown[]): Promise<Found[]> => {
    await ready();
    try {
      return (await pool.query(statement, [...values])).rows as Found[];
    } catch (error) {
      throw readFailure(error);
    }
  };

  return {
    put: async (entries) => {
      if (entries.length === 0) return;
      const columns = entries.map(valuesOf);
      await rows(
        // The numbers of the places are given in the order of the arrays.
        `INSERT INTO treasury.tray (id, unit, year, voucher, state, body)
         SELECT id, unit, year, voucher, state, body
         FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::jsonb[])
           WITH ORDINALITY AS given (id, unit, year, voucher, state, body, turn)
         ORDER BY turn
         ON CONFLICT (id) DO NOTHING`,
        [0, 1, 2, 3, 4, 5].map((column) => columns.map((values) => values[column])),
      );
    },

    find: async (id) => (await rows('SELECT * FROM treasury.tray WHERE id = $1', [id])).map(entryOf)[0],

    known: async (ids) => {
      const found = await rows<Pick<Row, 'id' | 'state'>>(
        'SELECT id, state FROM treasury.tray WHERE id = ANY ($1::uuid[])',
        [ids],
      );
      return new Map(found.map(({ id, state }) => [id, state]));
    },

    held: (vouchers) =>
      rows<Held>(
        `SELECT DISTINCT unit, year, voucher AS "voucherNo", body #>> '{notice,kind}' AS kind FROM treasury.tray
         JOIN unnest($1::text[], $2::integer[], $3::text[]) AS asked (unit, year, voucher) USING (unit, year, voucher)
         WHERE state = 'waiting'`,
        [vouchers.map(({ unit }) => unit), vouchers.map(({ year }) => year), vouchers.map((asked) => asked.voucherNo)],
      ),

    places: () =>
      rows<UnitYear>(`SELECT DISTINCT unit, year FROM treasury.tray WHERE state = 'waiting' ORDER BY unit, year`, []),

    list: async ({ unit, year, states }, { limit, after }) =>
      (
        await rows(
          `SELECT * FROM treasury.tray
           WHERE ($1::text IS NULL OR unit = $1) AND ($2::integer IS NULL OR year = $2)
             AND ($3::text[] IS NULL OR state = ANY ($3)) AND ($4::bigint IS NULL OR place > $4)
           ORDER BY place LIMIT $5`,
          [unit ?? null, year ?? null, states ?? null, after === undefined ? null : String(after), limit],
        )
      ).map(entryOf),

    change: async (entry, from) => {
      const [id, , , , state, body] = valuesOf(entry);
      const update = 'UPDATE treasury.tray SET state = $2, body = $3 WHERE id = $1 AND state = $4 RETURNING id';
      return (await rows(update, [id, state, body, from])).length > 0;
    },

    waiting: async () => {
      const [row] = await rows<{ count: string }>(
        `SELECT count(*) AS count FROM treasury.tray WHERE state = 'waiting'`,
        [],
      );
      return Number(row?.count ?? 0);
    },

    close: () => pool.end(),
  };
}

/** The place is given by the database. */
function valuesOf({ id, state, order: _order, ...body }: TrayEntry & { readonly order?: bigint }) {
  const { unit, year, voucherNo } = body.notice;
  return [id, unit, year, voucherNo, state, JSON.stringify(body)] as const;
}

const entryOf = ({ place, id, state, body }: Row): TrayPlace => ({ order: BigInt(place), id, state, ...body });
