/**
 * Evidence files, named by the SHA-256 of their bytes, in the schema `attachments` of PostgreSQL: no rebuild touches it, and
 * every ledger sees the same. A file is never changed and never removed. What is read is checked against its name and size
 * each time, so that a damaged file is told and never handed out.
 */
import { createHash } from 'node:crypto';
import { connect, discard, readFailure, readingPool } from '#event-store/postgres/connection.js';
import { StoreUnavailable } from '#event-store/port.js';
import { Problem } from '#platform/problem.js';

export const MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024;

export interface NewAttachment {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

export interface KeptAttachment {
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Under which it was first sent. */
  readonly name: string;
  readonly mediaType: string;
}

/** Every call throws 503 `DATABASE_UNAVAILABLE` when the files cannot be reached. */
export interface Attachments {
  /** Keeps a file; the same bytes again change nothing, unless what was kept of them is damaged: then they mend it. */
  keep(file: NewAttachment): Promise<KeptAttachment & { readonly known: boolean }>;
  /** Throws 500 `ATTACHMENT_DAMAGED` when what is kept is not what it is named for. */
  find(sha256: string): Promise<(KeptAttachment & { readonly content: Buffer }) | undefined>;
  /** Bytes of those of these files that are kept. */
  sizes(digests: readonly string[]): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

export interface AttachmentsOptions {
  readonly url: string;
  readonly timeoutMs?: number;
  /** Told of idle connections that are lost. */
  readonly onError: (error: unknown) => void;
}

/** The files that are accepted are packed already: stored as they are, they are read faster. */
const DDL = `
  CREATE SCHEMA attachments;
  CREATE TABLE attachments.file (
    sha256     bytea PRIMARY KEY,
    bytes      integer NOT NULL,
    name       text NOT NULL,
    media_type text NOT NULL,
    content    bytea NOT NULL,
    CONSTRAINT content_is_whole CHECK (octet_length(content) = bytes AND bytes BETWEEN 1 AND ${MAX_ATTACHMENT_BYTES}),
    CONSTRAINT content_is_named CHECK (sha256(content) = sha256)
  );
  ALTER TABLE attachments.file ALTER COLUMN content SET STORAGE EXTERNAL;
`;

/** Any number that nothing else locks: two processes that start at once must not create the schema twice. */
const MIGRATION_LOCK = 4_207_306;

const TIMEOUT_MS = 30_000;

interface Row {
  readonly sha256: string;
  readonly bytes: number;
  readonly name: string;
  readonly media_type: string;
}

/** The files of a database that may be away: what is missing in it is created when it is first asked. */
export function createAttachments({ url, timeoutMs = TIMEOUT_MS, onError }: AttachmentsOptions): Attachments {
  const pool = readingPool(url, timeoutMs, onError);
  let migrated: Promise<void> | undefined;
  const ready = (): Promise<void> =>
    (migrated ??= migrate(url, timeoutMs).catch((error: unknown) => {
      migrated = undefined;
      throw error;
    }));
  const ask = async <Found>(statement: string, values: readonly unknown[]): Promise<Found[]> => {
    try {
      await ready();
      return (await pool.query(statement, [...values])).rows as Found[];
    } catch (error) {
      throw unreachable(error);
    }
  };
  const contentOf = async (digest: Buffer): Promise<Buffer | undefined> => {
    // In the text form of the protocol: the driver's binary one takes every value for UTF-8.
    const statement = 'SELECT content FROM attachments.file WHERE sha256 = $1';
    return (await ask<{ content: Buffer }>(statement, [digest]))[0]?.content;
  };

  return {
    keep: async ({ name, mediaType, content }) => {
      const digest = createHash('sha256').update(content).digest();
      const [made] = await ask<Row>(KEEP, [digest, content.length, name, mediaType, content]);
      const [row] = made === undefined ? await ask<Row>(DESCRIBE, [digest]) : [made];
      if (row === undefined) throw new Error(`an attachment that was kept is not there: ${digest.toString('hex')}`);
      if (made === undefined && !isWhole(row, await contentOf(digest)))
        await ask(MEND, [digest, content.length, content]);
      return { ...keptOf(row), known: made === undefined };
    },

    find: async (sha256) => {
      const digest = Buffer.from(sha256, 'hex');
      const [row] = await ask<Row>(DESCRIBE, [digest]);
      if (row === undefined) return undefined;
      const content = await contentOf(digest);
      if (content === undefined || !isWhole(row, content)) throw damaged(row);
      return { ...keptOf(row), content };
    },

    sizes: async (digests) => {
      if (digests.length === 0) return new Map();
      const found = await ask<Row>(
        `SELECT encode(sha256, 'hex') AS sha256, bytes FROM attachments.file WHERE sha256 = ANY ($1::bytea[])`,
        [[...new Set(digests)].map((digest) => Buffer.from(digest, 'hex'))],
      );
      return new Map(found.map(({ sha256, bytes }) => [sha256, bytes]));
    },

    close: () => pool.end(),
  };
}

const COLUMNS = `encode(sha256, 'hex') AS sha256, bytes, name, media_type`;
const DESCRIBE = `SELECT ${COLUMNS} FROM attachments.file WHERE sha256 = $1`;
const KEEP = `
  INSERT INTO attachments.file (sha256, bytes, name, media_type, content) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (sha256) DO NOTHING RETURNING ${COLUMNS}`;
const MEND = 'UPDATE attachments.file SET bytes = $2, content = $3 WHERE sha256 = $1';

const isWhole = ({ sha256, bytes }: Row, content: Buffer | undefined): boolean =>
  content?.length === bytes && createHash('sha256').update(content).digest('hex') === sha256;

const keptOf = ({ media_type: mediaType, ...kept }: Row): KeptAttachment => ({ ...kept, mediaType });

const damaged = ({ sha256, bytes, name }: Row): Problem =>
  new Problem(500, 'ATTACHMENT_DAMAGED', {
    detail:
      `The kept file ${name} is not what it is named for, so it is not handed out. Send the original file again, which ` +
      'mends it, or restore the schema attachments from a backup.',
    sha256,
    bytes,
  });

async function migrate(url: string, timeoutMs: number): Promise<void> {
  const client = await connect(url, timeoutMs);
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('attachments.file') IS NOT NULL AS there`,
    );
    if (!rows[0]?.there) await client.query(DDL);
    await client.query('COMMIT');
  } finally {
    // Without a commit the transaction ends with the connection.
    discard(client);
  }
}

/** The log may be there when the database is not: the words of the event store would be wrong. */
function unreachable(error: unknown): unknown {
  const failure = readFailure(error);
  if (!(failure instanceof StoreUnavailable)) return failure;
  return Object.assign(
    new Problem(
      503,
      'DATABASE_UNAVAILABLE',
      { detail: 'The files of evidence cannot be reached. Send the same request again.' },
      { 'retry-after': '1' },
    ),
    { cause: failure },
  );
}
