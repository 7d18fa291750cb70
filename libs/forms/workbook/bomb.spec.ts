/**
 * Files made to exhaust whoever opens them, each read by a process of its own with little memory: V8 may keep 64 MB there, and
 * a process that needs more ends without an answer.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateRawSync } from 'node:zlib';
import { type CompiledLibraries, compileLibraries } from '../../../test/support/compiled.js';
import { sheetXml, usualParts } from '../../../test/support/workbook-parts.js';
import type { Problem } from '#forms/findings.js';

const MEGABYTE = 1_000_000;
const MEBIBYTE = 1024 * 1024;
const HEAP_MEBIBYTES = 64;

let libraries: CompiledLibraries;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bomb-'));
  libraries = await compileLibraries('domain', 'platform', 'forms');
});
afterAll(async () => {
  await libraries?.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly problems: readonly Problem[];
  /** The most memory that the process ever had, its own program and the file included. */
  readonly peakMebibytes: number;
}

async function readAlone(bytes: Uint8Array): Promise<Outcome> {
  const file = join(folder, 'bomb.xlsx');
  await writeFile(file, bytes);
  const program = `
    import { readFileSync } from 'node:fs';
    import { readWorkbook } from '${libraries.url('forms/workbook/read-workbook')}';
    const { problems } = readWorkbook(readFileSync(process.argv[1]));
    // Not maxRSS: a process begins with that of its parent.
    const peak = /VmHWM:\\s*(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
    console.log(JSON.stringify({ problems, peakMebibytes: peak / 1024 }));`;
  const options = [`--max-old-space-size=${HEAP_MEBIBYTES}`, '--input-type=module', '--eval', program, file];
  const { stdout } = await promisify(execFile)(process.execPath, options);
  return JSON.parse(stdout) as Outcome;
}

interface Claim {
  readonly size: number;
  readonly crc: number;
}

/** The usual workbook with a sheet of this deflated content; what the archive claims of it may be untrue. */
function bomb(deflated: Uint8Array, { size, crc }: Claim): Uint8Array {
  const part = 'xl/worksheets/sheet1.xml';
  // Stored first and relabelled after: the library would not lie about a size.
  const parts = Object.entries({ ...usualParts(''), [part]: '' }).map(([name, text]) => [
    name,
    [name === part ? deflated : new TextEncoder().encode(text), { level: name === part ? 0 : 6 }] as const,
  ]);
  const bytes = Buffer.from(zipSync(Object.fromEntries(parts) as Parameters<typeof zipSync>[0]));
  const central = bytes.lastIndexOf(Buffer.from(part)) - 46;
  bytes.writeUInt16LE(8, central + 10);
  bytes.writeUInt32LE(crc, central + 16);
  bytes.writeUInt32LE(size, central + 24);
  return bytes;
}

const sheetOf = (content: string, bytes: number): Buffer =>
  Buffer.from(sheetXml(content.repeat(Math.floor(bytes / Buffer.byteLength(content)))));
const row = `<row>${'<c/>'.repeat(100)}</row>`;

describe('500 kB that inflate to 500 MB', () => {
  const zeros = deflateRawSync(Buffer.alloc(500 * MEGABYTE));

  it('are about that size', () => {
    expect(zeros.byteLength).toBeLessThan(600_000);
  });

  it('are refused unread when the archive says so', async () => {
    const { problems, peakMebibytes } = await readAlone(bomb(zeros, { size: 500 * MEGABYTE, crc: 0 }));
    expect(problems).toEqual([
      expect.objectContaining({ code: 'WORKBOOK_INFLATES_TOO_MUCH', declared: 500 * MEGABYTE, inflated: 0 }),
    ]);
    expect(peakMebibytes).toBeLessThan(150);
  });

  it('are refused within 5 MiB of what the archive declares when it lies', async () => {
    const { problems, peakMebibytes } = await readAlone(bomb(zeros, { size: MEGABYTE, crc: 0 }));
    expect(problems).toEqual([expect.objectContaining({ code: 'WORKBOOK_INFLATES_TOO_MUCH', declared: MEGABYTE })]);
    expect(problems[0]!['inflated']).toBeLessThan(MEGABYTE + 5 * MEBIBYTE);
    expect(peakMebibytes).toBeLessThan(150);
  });
});

describe('48 MB of XML, as much as is accepted', () => {
  it.each<[what: string, content: Buffer, code: string]>([
    ['formatted empty cells', sheetOf(row, 48 * MEGABYTE), 'WORKBOOK_TOO_COMPLEX'],
    ['rows', sheetOf('<row/>', 48 * MEGABYTE), 'WORKBOOK_TOO_COMPLEX'],
    [
      'one text',
      Buffer.from(sheetXml(`<row><c t="str"><v>${'长'.repeat(16 * MEGABYTE)}</v></c></row>`)),
      'WORKBOOK_TEXT_TOO_LONG',
    ],
    ['attributes', Buffer.from(sheetXml(`<row ${'a="" '.repeat(9 * MEGABYTE)}/>`)), 'WORKBOOK_PART_CORRUPT'],
    ['zeros', Buffer.alloc(48 * MEGABYTE), 'WORKBOOK_PART_CORRUPT'],
  ])('is refused within 150 MB: %s', async (_what, content, code) => {
    const { problems, peakMebibytes } = await readAlone(
      bomb(deflateRawSync(content), { size: content.byteLength, crc: crc32(content) }),
    );
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(peakMebibytes).toBeLessThan(150);
  });
});
