/**
 * LibreOffice, for specs: a spreadsheet program that knows nothing of our code opens what was written and says what it sees. In
 * Debian it is the package `libreoffice-calc-nogui`. Where it is missing such suites are skipped, with `CI=true` they fail.
 */
import type { describe as Describe, it as It } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The first start with a new profile, on a busy machine. */
const LONGEST_CONVERSION_MS = 120_000;

/** Whether `soffice` is on the PATH. */
export function officeAvailable(): boolean {
  try {
    execFileSync('soffice', ['--version'], { stdio: 'pipe' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cause;
  }
}

/** A suite that needs LibreOffice. Where there is none, one skipped line stands for it. */
export function describeOffice(title: string, suite: () => void): void {
  const { describe, it } = globalThis as unknown as { readonly describe: typeof Describe; readonly it: typeof It };
  if (process.env['CI'] === 'true' || officeAvailable()) return describe(title, suite);
  describe(title, () =>
    it.skip('because LibreOffice (soffice) is missing: the whole suite; install libreoffice-calc-nogui', () =>
      undefined),
  );
}

export type OfficeKind = 'csv' | 'pdf' | 'xlsx' | 'xls' | 'ods';

let before: Promise<unknown> = Promise.resolve();

/**
 * A workbook (.xlsx) as LibreOffice converts it: `csv` is the sheet with this number, from 1, UTF-8, numbers with all their digits
 * and no separators (`250000`, `86.18304%`); `pdf` all that is printed; the others are the workbook as LibreOffice writes it. One
 * conversion after another.
 */
export function convertedBy(bytes: Uint8Array, kind: OfficeKind, sheet = 1): Promise<Buffer> {
  const converted = before.then(() => convert(bytes, kind, sheet));
  before = converted.catch(() => undefined);
  return converted;
}

async function convert(bytes: Uint8Array, kind: OfficeKind, sheet: number): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'office-'));
  try {
    const file = join(folder, 'workbook.xlsx');
    const out = join(folder, 'out');
    await writeFile(file, bytes);
    const printed = await run([
      `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`,
      ...['--headless', '--norestore', '--nolockcheck', '--convert-to', filter(kind, sheet), '--outdir', out, file],
    ]);
    const [name] = (await readdir(out).catch(() => [])).filter((entry) => entry.endsWith(`.${kind}`));
    if (name === undefined) throw new Error(`LibreOffice made no ${kind}: ${printed}`);
    return await readFile(join(out, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of a CSV: comma, double quote, UTF-8, from line 1, quoted only where needed, values instead of formulas, the sheet by number. */
function filter(kind: OfficeKind, sheet: number): string {
  const filters = {
    csv: `Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,${sheet}`,
    pdf: 'calc_pdf_Export',
    xlsx: 'Calc MS Excel 2007 XML',
    xls: 'MS Excel 97',
    ods: 'calc8',
  } as const satisfies Record<OfficeKind, string>;
  return `${kind}:${filters[kind]}`;
}

/** What it printed. `soffice` is a script with children: they form a group of their own, which is ended when time is up. */
function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('soffice', args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => printed.push(String(text)));
    const timer = setTimeout(
      () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'),
      LONGEST_CONVERSION_MS,
    );
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(printed.join(''));
      else reject(new Error(`soffice ended with ${code ?? signal}: ${printed.join('')}`));
    });
  });
}

/** Pages of a PDF as LibreOffice writes it: its page objects stand there in plain text. */
export const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page(?!s)\b/g)?.length ?? 0;
