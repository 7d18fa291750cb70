/**
 * Replays the recordings in this folder against a server and compares its answers with the recorded ones.
 *
 *     node test/contract/eventstoredb/replay-check.mjs --address 127.0.0.1:2113 [--modules ./node_modules] [--only 03,07]
 *       [--skip 10c] [--restart-cmd 'CMD'] [--max-diffs 5] [--timeout 4000] [--no-details] [--verbose]
 *
 * Exit status: 0 all ok, 1 any difference, 2 usage. See README.md for the format of the recordings.
 */
import { execSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadStubs } from './codec.mjs';
import { Session, sleep } from './session.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** Rank of every distinct position value: smallest is P1. */
export function ranks(values) {
  const sorted = [...new Set(values.map(BigInt))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return new Map(sorted.map((v, i) => [String(v), 'P' + (i + 1)]));
}
export const isPosition = (v) =>
  v &&
  typeof v === 'object' &&
  typeof v.value === 'string' &&
  Object.keys(v).every((k) => ['value', 'rank', 'plus'].includes(k));

const brief = (v) => {
  const s = JSON.stringify(v);
  return s === undefined ? 'nothing' : s.length > 220 ? s.slice(0, 220) + '…' : s;
};
// a stand-in need only list the methods of the services recorded here that it is made of; of the others it may list what it likes
const methods = (list, rec) =>
  Object.fromEntries(
    list
      .filter(
        (x) =>
          /\.(streams|server_features)\.[a-z]+$/.test(x.serviceName) ||
          (rec !== list && !rec.some((y) => y.serviceName === x.serviceName)),
      )
      .map((x) => [`${x.serviceName}/${x.methodName}`, x.featuresList]),
  );
function compare(rec, got, path, where, out, pairs, opts) {
  if (
    opts.noDetails &&
    (path === 'status.details' || path === 'error.details.value.message') &&
    typeof got === 'string'
  )
    return;
  if (isPosition(rec) && isPosition(got)) {
    pairs.push({ where, path, rec: rec.value, got: got.value });
    return;
  }
  if (rec && got && typeof rec === 'object' && typeof got === 'object' && Array.isArray(rec) === Array.isArray(got)) {
    for (const k of new Set([...Object.keys(rec), ...Object.keys(got)])) {
      const p = path ? `${path}.${k}` : k;
      if (k === 'methodsList' && Array.isArray(got[k])) {
        compare(methods(rec[k], rec[k]), methods(got[k], rec[k]), p, where, out, pairs, opts);
        continue;
      }
      // the generated stubs can read but not write uint64 max in these deprecated number fields, so a stand-in may leave them out
      if (/2060$/.test(k) && rec[k] === '18446744073709551615' && !(k in got)) continue;
      if (!(k in got)) out.push(`${where}: ${p}: recorded ${brief(rec[k])}, absent here`);
      else if (!(k in rec)) out.push(`${where}: ${p}: ${brief(got[k])} here, absent in the recording`);
      else compare(rec[k], got[k], p, where, out, pairs, opts);
    }
  } else if (rec !== got) out.push(`${where}: ${path}: recorded ${brief(rec)}, got ${brief(got)}`);
}

/** Kills the server and starts it again on the same data and address: by a command, or as a test does it. */
const restart = async (opts) => (opts.restart ? opts.restart() : execSync(opts.restartCmd, { stdio: 'ignore' }));

/** The differences of one run of a recording; or why it was not run. `opts.restart` or `opts.restartCmd` kill the server. */
export async function replay(m, address, file, opts = {}) {
  const sc = JSON.parse(readFileSync(file, 'utf8')),
    out = [],
    pairs = [];
  if (sc.needs?.includes('restart') && !opts.restartCmd && !opts.restart) return { skipped: 'needs --restart-cmd' };
  const s = new Session(m, address, sc.scenario, opts.timeout);
  try {
    if (!(await s.reachable())) return { unreachable: true };
    for (const e of sc.entries) {
      if (s.misses > 12) {
        out.push('too many answers missing: rest of the scenario left out');
        break;
      }
      const where = `entry ${e.n} (${e.call ?? e.do})`;
      if (e.do === 'restart') {
        await restart(opts);
        await s.reconnect();
        continue;
      }
      if (e.do === 'wait') await sleep(e.ms);
      if (e.do) continue;
      if (e.dir === 'client→server') {
        if (e.rpc) s.open(e.call, e.rpc, e.metadata, e);
        if (e.message) s.send(e.call, e.message);
        if (e.end) s.end(e.call);
        if (e.cancel) s.cancel(e.call);
        continue;
      }
      if (e.silence) {
        const x = await s.next(e.call, e.silence);
        if (x) out.push(`${where}: recorded silence for ${e.silence} ms, got ${brief(x.message ?? x.status)}`);
        continue;
      }
      const x = await s.next(e.call);
      if (opts.verbose) console.log(where, brief(x?.message ?? x?.status));
      if (e.compare === 'skip') continue;
      if (!x) {
        out.push(`${where}: recorded ${brief(e.message ?? e.status)}, nothing came`);
        continue;
      }
      if (e.message && x.message) {
        if (e.compare !== 'kind') compare(e.message, x.message, '', where, out, pairs, opts);
        else compare(Object.keys(e.message), Object.keys(x.message), 'kind', where, out, pairs, opts);
      } else if (e.status && x.status) {
        const pick = (y) =>
          e.compare === 'code' ? { code: y.status.code } : { status: y.status, trailers: y.trailers ?? {} };
        compare(pick(e), pick(x), '', where, out, pairs, opts);
      } else {
        out.push(`${where}: recorded ${brief(e.message ?? e.status)}, got ${brief(x.message ?? x.status)}`);
      }
      for (const p of pairs) if (!s.known.has(p.rec)) s.known.set(p.rec, p.got);
    }
    const a = ranks(pairs.map((p) => p.rec)),
      b = ranks(pairs.map((p) => p.got));
    for (const p of pairs)
      if (a.get(p.rec) !== b.get(p.got))
        out.push(
          `${p.where}: ${p.path}: order of positions: recorded ${p.rec} as number ${a.get(p.rec).slice(1)} of those compared, got ${p.got} as number ${b.get(p.got).slice(1)}`,
        );
  } catch (err) {
    out.push(`replay failed: ${err.stack}`);
  } finally {
    s.close();
  }
  return { diffs: out, informative: !!sc.informative };
}

async function main() {
  const a = process.argv.slice(2),
    opt = (n, d) => {
      const i = a.indexOf('--' + n);
      return i < 0 ? d : a[i + 1];
    };
  const address = opt('address');
  if (!address) {
    console.error(
      'usage: replay-check.mjs --address HOST:PORT [--modules DIR] [--only 03,07] [--skip 10c] [--restart-cmd CMD] [--max-diffs N] [--timeout MS] [--no-details] [--verbose]',
    );
    process.exit(2);
  }
  const m = loadStubs(opt('modules', './node_modules')),
    only = opt('only')?.split(','),
    skip = opt('skip')?.split(',') ?? [],
    max = Number(opt('max-diffs', 5));
  let bad = 0,
    n = 0,
    skipped = 0,
    info = 0;
  for (const f of readdirSync(here)
    .filter((x) => /^\d\d.*\.json$/.test(x))
    .sort()) {
    if ((only && !only.some((o) => f.startsWith(o))) || skip.some((o) => f.startsWith(o))) continue;
    const r = await replay(m, address, join(here, f), {
      timeout: Number(opt('timeout', 4000)),
      restartCmd: opt('restart-cmd'),
      verbose: a.includes('--verbose'),
      noDetails: a.includes('--no-details'),
    });
    n++;
    const label = f.replace('.json', '').padEnd(44);
    if (r.unreachable) {
      console.log(label, 'server not reachable at', address);
      bad++;
      break;
    }
    if (r.skipped) {
      console.log(label, 'skipped:', r.skipped);
      skipped++;
      continue;
    }
    if (!r.diffs.length) {
      if (r.informative) info++;
      console.log(label, r.informative ? 'ran, its answers are not compared' : 'ok');
      continue;
    }
    bad++;
    console.log(label, r.diffs.length, r.diffs.length === 1 ? 'difference' : 'differences');
    for (const d of r.diffs.slice(0, max)) console.log('   ', d);
    if (r.diffs.length > max) console.log(`    … and ${r.diffs.length - max} more`);
  }
  const rest = (info ? `, ${info} not compared` : '') + (skipped ? `, ${skipped} skipped` : '');
  console.log(
    bad
      ? `${bad} of ${n} scenarios tried differ${rest}`
      : `${n - skipped - info} scenarios compared, no difference${rest}`,
  );
  process.exit(bad ? 1 : 0);
}
if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) await main();
