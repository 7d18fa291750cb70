/** A file that somebody wants to import: multipart field `file`, a CSV body, or the JSON form as a JSON body. */
import { createHash } from 'node:crypto';
import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { UNIT_CODE } from '#domain/directory/decide.js';
import type { Reading } from '#forms/findings.js';
import { recogniseFile, type FileKind } from '#forms/import/recognise.js';
import type { Workbook } from '#forms/workbook/cells.js';
import { invalidRequest, type Fault } from '#platform/problem.js';
import type { OpenUpload } from './workbooks.js';

export const IMPORT_KINDS = [
  'table',
  'payments',
  'adjustments',
  'results',
  'monitoring',
  'self-evaluation',
  'project-self-evaluation',
] as const;
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

/** Values by parameter, in the order in which they were sent; a parameter may be sent several times. */
type Given = ReadonlyMap<string, readonly unknown[]>;
type ReportFault = (parameter: string, message: string, code?: string) => void;

/** Throws 400 with every fault of the parameters. */
export async function readUpload(request: FastifyRequest, open: OpenUpload): Promise<Upload> {
  const faults: Fault[] = [];
  const fault: ReportFault = (parameter, message, code = 'INVALID_VALUE') => faults.push({ parameter, code, message });
  const given = new Map<string, unknown[]>();
  const take = (name: string, value: unknown) => given.set(name, [...(given.get(name) ?? []), value]);
  for (const [name, value] of Object.entries(request.query as Record<string, string | string[]>)) {
    for (const single of Array.isArray(value) ? value : [value]) take(name, single);
  }
  const bytes = await readBody(request, take, fault);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const options = readOptions(given, () => guessKind(bytes, () => open({ bytes, sha256 })), fault);
  if (faults.length > 0 || options === undefined) throw invalidRequest(faults);
  const id = createHash('sha256')
    .update(`${sha256}\n${JSON.stringify(options)}`)
    .digest('hex')
    .slice(0, 32);
  return { ...options, bytes, sha256, id };
}

async function readBody(
  request: FastifyRequest,
  take: (name: string, value: unknown) => void,
  fault: ReportFault,
): Promise<Uint8Array> {
  if (!request.isMultipart()) {
    const { body } = request;
    return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body ?? null));
  }
  const files: Buffer[] = [];
  for await (const part of request.parts() as AsyncIterable<MultipartFile | MultipartValue>) {
    const { fieldname } = part;
    if (part.type !== 'file') {
      if (part.valueTruncated) fault(fieldname, `${fieldname} is too long`);
      take(fieldname, part.value);
      continue;
    }
    // Read whatever its name: the parts behind it come only then.
    const bytes = await part.toBuffer();
    if (fieldname === 'file') files.push(bytes);
    else fault(fieldname, 'only the field "file" takes a file', 'UNKNOWN_PROPERTY');
  }
  if (files.length === 0) fault('file', 'send the file as the multipart field "file"', 'REQUIRED');
  if (files.length > 1) fault('file', 'send one file at a time', 'REPEATED');
  return files[0] ?? Buffer.alloc(0);
}

const KIND_OF: Readonly<Record<FileKind, ImportKind>> = {
  'table-text': 'table',
  'json-form': 'table',
  'payments-csv': 'payments',
  'adjustments-csv': 'adjustments',
  'results-csv': 'results',
  'target-workbook': 'table',
  'monitoring-workbook': 'monitoring',
  'self-evaluation-workbook': 'self-evaluation',
  'project-workbook': 'project-self-evaluation',
};

/** Files that name neither unit nor year. */
const CSV_KINDS: readonly (ImportKind | undefined)[] = ['payments', 'adjustments', 'results', undefined];

/** What no reader knows goes to the reader of the printed table, which says so. */
const guessKind = (bytes: Uint8Array, open: () => Reading<Workbook>): ImportKind =>
  KIND_OF[recogniseFile(bytes, open) ?? 'table-text'];

const SINGLE = ['kind', 'unit', 'year', 'approvedOn'] as const;

/** Reports every fault; `undefined` when the kind is not known. */
function readOptions(given: Given, guessed: () => ImportKind, fault: ReportFault): ImportOptions | undefined {
  for (const name of given.keys()) {
    if (name !== 'fund' && !SINGLE.some((known) => known === name)) {
      fault(name, `${name} is not known`, 'UNKNOWN_PROPERTY');
    }
  }
  const text = (name: (typeof SINGLE)[number]): string | undefined => {
    const [value, ...others] = given.get(name) ?? [];
    if (others.length > 0) fault(name, `${name} is given ${others.length + 1} times; give it once`, 'REPEATED');
    if (value !== undefined && typeof value !== 'string') fault(name, `${name} must be text`);
    return typeof value === 'string' ? value : undefined;
  };
  const [kindText, unit, year, approvedOn] = SINGLE.map(text);
  const kind = IMPORT_KINDS.find((known) => known === (kindText ?? guessed()));
  if (kind === undefined) fault('kind', `kind must be one of ${IMPORT_KINDS.join(', ')}`);
  if (unit !== undefined && !UNIT_CODE.test(unit)) fault('unit', 'unit must be 1 to 21 capital letters and digits');
  if (year !== undefined && !/^(199\d|20\d{2})$/.test(year)) fault('year', 'year must be one of 1990 to 2099');
  const funds = readFunds(given.get('fund') ?? [], fault);
  if (CSV_KINDS.includes(kind)) {
    const message = 'a CSV names neither its unit nor its year: give both';
    if (unit === undefined) fault('unit', message, 'REQUIRED');
    if (year === undefined) fault('year', message, 'REQUIRED');
  }
  if (kind === undefined) return undefined;
  return {
    kind,
    ...(unit === undefined ? {} : { unit }),
    ...(year === undefined ? {} : { year: Number(year) }),
    ...(approvedOn === undefined ? {} : { approvedOn }),
    ...(Object.keys(funds).length === 0 ? {} : { funds }),
  };
}

/** One `LINE=FUND` for each time that `fund` is given; a name may hold commas and equals signs. */
function readFunds(given: readonly unknown[], fault: ReportFault): Record<string, string> {
  const funds = new Map<string, string>();
  for (const entry of given) {
    const [, line, fund] = (typeof entry === 'string' ? /^(.+)=(.*)$/s.exec(entry) : undefined) ?? [];
    if (line === undefined || fund === undefined) {
      fault('fund', `${String(entry)}: write LINE=FUND, such as P01=general-public`);
    } else if (funds.has(line)) fault('fund', `line ${line} is given a fund twice`, 'REPEATED');
    else funds.set(line, fund);
  }
  return Object.fromEntries(funds);
}
