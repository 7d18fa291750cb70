/**
 * `npm run bench`: what one machine carries. Prints a table; with `--json FILE` writes the rows with machine and versions
 * beside them. Every figure is a median of several rounds and stands beside its aim. `npm run bench -- distributed` measures
 * that part only (`--only` takes a name, too).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '#platform/embedded-postgres.js';
import { renderTable } from './table.js';
import { closeBench } from './close.js';
import { compareBench } from './compare.js';
import { distributedBench } from './distributed/distributed.js';
import { eventLogBench } from './event-log.js';
import { formsBench } from './forms.js';
import { httpBench } from './http.js';
import { readModelBench } from './read-model.js';
import { rebuildBench } from './rebuild.js';
import { resultsBench } from './results.js';
import { scoringBench } from './scoring.js';
import type { Row } from './event-log.js';
import { missing } from '../support/kafka/available.js';

const PARTS: Readonly<Record<string, (url: string) => Promise<Row[]>>> = {
  'event log': eventLogBench,
  'read models': readModelBench,
  close: closeBench,
  rebuild: rebuildBench,
  http: httpBench,
  comparison: compareBench,
  scoring: scoringBench,
  forms: formsBench,
  results: resultsBench,
  distributed: distributedBench,
};

async function main(given: readonly string[]): Promise<void> {
  const file = valueOf(given, '--json');
  const only = chosenPart(given);
  const noKafka = missing();
  if (only === 'distributed' && noKafka !== undefined) throw new Refused(`distributed needs Kafka: ${noKafka}`);
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  const postgres = await startPostgres({ dataDir: folder, log: () => undefined });
  try {
    const rows: Row[] = [];
    for (const [name, bench] of Object.entries(PARTS)) {
      if (only !== undefined && only !== name) continue;
      if (name === 'distributed' && noKafka !== undefined) {
        process.stderr.write(`distributed: left out, ${noKafka}\n`);
        continue;
      }
      process.stderr.write(`${name} …\n`);
      rows.push(...(await bench(await freshDatabase(postgres.url, name))));
    }
    process.stdout.write(`${renderTable(rows)}\n`);
    if (file !== undefined)
      await writeFile(file, `${JSON.stringify({ ...(await machine(postgres.url)), rows }, null, 2)}\n`);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What whoever typed the command can mend. */
class Refused extends Error {}

/** By its name, or after `--only`; undefined for all of them. */
function chosenPart(given: readonly string[]): string | undefined {
  const only = valueOf(given, '--only') ?? (given[0]?.startsWith('--') === false ? given[0] : undefined);
  if (only === undefined || Object.hasOwn(PARTS, only)) return only;
  throw new Refused(`no part of the benchmark is called ${only}: choose one of ${Object.keys(PARTS).join(', ')}`);
}

function valueOf(given: readonly string[], option: string): string | undefined {
  const at = given.indexOf(option);
  if (at < 0) return undefined;
  const value = given[at + 1];
  if (value === undefined) throw new Refused(`${option} needs a value`);
  return value;
}

async function freshDatabase(url: string, part: string): Promise<string> {
  const name = `bench_${part.replaceAll(' ', '_')}`;
  await query(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

async function query(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

async function machine(url: string): Promise<object> {
  const { rows } = await query(url, 'SHOW server_version');
  return {
    measuredAt: new Date().toISOString(),
    node: process.version,
    postgresql: (rows[0] as { server_version: string }).server_version,
    processor: cpus()[0]?.model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
