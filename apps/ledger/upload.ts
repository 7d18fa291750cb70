/** A file that somebody wants to import: multipart field `file`, a CSV body, or the JSON form as a JSON body. */
import { createHash } from 'node:crypto';
import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { UNIT_CODE } from '#domain/directory/decide.js';
import { recogniseFile, type FileKind } from '#forms/import/recognise.js';
import { invalidRequest, Problem, type Fault } from '#platform/problem.js';

export const IMPORT_KINDS = ['table', 'payments', 'adjustments'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** What the person who imports says about the file. */
export interface ImportOptions {
  readonly kind: ImportKind;
  readonly unit?: string;
  readonly year?: number;
  readonly approvedOn?: string;
  /** Fund nature by line id or name, `P01=general-public`. */
  readonly funds?: Readonly<Record<string, string>>;
}

export interface Upload extends ImportOptions {
  readonly bytes: Uint8Array;
  /** Of the bytes, hex. */
  readonly sha256: string;
  /** Of the bytes and of what was said about them: the same file imported the same way has the same id. */
  readonly id: string;
}

const PARAMETERS = ['kind', 'unit', 'year', 'approvedOn', 'fund'];

/** Throws 400 with every fault of the parameters. */
export async function readUpload(request: FastifyRequest): Promise<Upload> {
  const { bytes, fields } = await readBody(request);
  const given = { ...(request.query as Record<string, string | string[]>), ...fields };
  const options = readOptions(given, guessKind(bytes));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const id = createHash('sha256')
    .update(`${sha256}\n${JSON.stringify(options)}`)
    .digest('hex')
    .slice(0, 32);
  return { ...options, bytes, sha256, id };
}

async function readBody(request: FastifyRequest): Promise<{ bytes: Uint8Array; fields: Record<string, string> }> {
  if (!request.isMultipart()) {
    const { body } = request;
    if (Buffer.isBuffer(body)) return { bytes: body, fields: {} };
    return { bytes: Buffer.from(JSON.stringify(body ?? null)), fields: {} };
  }
  let bytes: Buffer | undefined;
  const fields: Record<string, string> = {};
  for await (const part of request.parts() as AsyncIterable<MultipartFile | MultipartValue<string>>) {
    if (part.type === 'file') bytes = await part.toBuffer();
    else fields[part.fieldname] = part.value;
  }
  if (bytes === undefined) {
    throw invalidRequest([
      { parameter: 'file', code: 'REQUIRED', message: 'send the file as the multipart field "file"' },
    ]);
  }
  return { bytes, fields };
}

const KIND_OF: Readonly<Record<FileKind, ImportKind>> = {
  'table-text': 'table',
  'json-form': 'table',
  'payments-csv': 'payments',
  'adjustments-csv': 'adjustments',
};

/** What no reader knows goes to the reader of the printed table, which says so. */
const guessKind = (bytes: Uint8Array): ImportKind => KIND_OF[recogniseFile(bytes) ?? 'table-text'];

function readOptions(given: Record<string, string | string[]>, guessed: ImportKind): ImportOptions {
  const faults: Fault[] = [];
  const fault = (parameter: string, message: string) => faults.push({ parameter, code: 'INVALID_VALUE', message });
  for (const name of Object.keys(given)) if (!PARAMETERS.includes(name)) fault(name, `${name} is not known`);
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : undefined);
  const kind = IMPORT_KINDS.find((known) => known === (text('kind') ?? guessed));
  if (kind === undefined) fault('kind', `kind must be one of ${IMPORT_KINDS.join(', ')}`);
  const unit = text('unit');
  if (unit !== undefined && !UNIT_CODE.test(unit)) fault('unit', 'unit must be 1 to 21 capital letters and digits');
  const year = text('year');
  if (year !== undefined && !/^(199\d|20\d{2})$/.test(year)) fault('year', 'year must be one of 1990 to 2099');
  const funds = readFunds(given['fund'], fault);
  if (kind !== 'table' && (unit === undefined || year === undefined)) {
    fault('unit', 'a CSV names neither its unit nor its year: give both');
  }
  if (faults.length > 0 || kind === undefined) throw invalidRequest(faults);
  const approvedOn = text('approvedOn');
  return {
    kind,
    ...(unit === undefined ? {} : { unit }),
    ...(year === undefined ? {} : { year: Number(year) }),
    ...(approvedOn === undefined ? {} : { approvedOn }),
    ...(Object.keys(funds).length === 0 ? {} : { funds }),
  };
}

function readFunds(
  given: string | string[] | undefined,
  fault: (parameter: string, message: string) => void,
): Record<string, string> {
  const entries = given === undefined ? [] : Array.isArray(given) ? given : given.split(',');
  return Object.fromEntries(
    entries.map((entry): [string, string] => {
      const at = entry.lastIndexOf('=');
      if (at < 1) fault('fund', `${entry}: write LINE=FUND, such as P01=general-public`);
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

/** 404 for an import that this process does not hold: previews live in memory, bookings in the log. */
export const unknownImport = (id: string): Problem =>
  new Problem(404, 'UNKNOWN_IMPORT', {
    detail: 'There is no such import here. Send the file again: what is booked of it is not booked twice.',
    id,
  });
