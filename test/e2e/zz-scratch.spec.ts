import { it } from '@jest/globals';
import pg from 'pg';
import net from 'node:net';
import { writeFileSync, appendFileSync } from 'node:fs';
import { createDatabase } from '../support/postgres.js';
import { startSystem } from '../../apps/standalone/system.js';
import { createLogger } from '#platform/logging.js';
import { listenOnLoopback } from '#platform/http.js';
import { payment } from '../support/system.js';
const OUT = '/tmp/zz-out5.txt'; writeFileSync(OUT, '');
const log = (x: string) => appendFileSync(OUT, x + '\n');
const P = pg.Client.prototype as any; const orig = P._handleErrorEvent; const seen = new Map<string, number>();
P._handleErrorEvent = function (err: any) { if (this.listenerCount('error') === 0) { log(`NO LISTENER: ${err.code} ${err.message} ending=${this._ending} connected=${this._connected} made=${this.__made}`); this.on('error', () => {}); } return orig.call(this, err); };
const oc = P._connect; P._connect = function (cb: any) { this.__made = (new Error().stack ?? '').split('\n').slice(2, 10).map((l) => l.trim().replace('/work/main/', '')).join(' < '); return oc.call(this, cb); };
it('outage', async () => {
  const database = await createDatabase(); const u = new URL(database.url);
  const socks = new Set<net.Socket>(); let up = true;
  const mk = () => net.createServer((a) => { if (!up) { a.destroy(); return; } const b = net.connect(Number(u.port), u.hostname); socks.add(a); socks.add(b); a.pipe(b); b.pipe(a); for (const x of [a, b]) x.on('error', () => { a.destroy(); b.destroy(); }).on('close', () => { a.destroy(); b.destroy(); socks.delete(x); }); });
  let srv = mk(); await new Promise<void>((r) => srv.listen(0, '127.0.0.1', () => r())); const port = (srv.address() as any).port;
  const v = new URL(u); v.hostname = '127.0.0.1'; v.port = String(port);
  const system = await startSystem({ port: 0, dataDir: '/nowhere', databaseUrl: v.href, budgetUrl: '', logLevel: 'silent', actor: 'spec' } as any, createLogger('silent'), { sample: false });
  const address = await listenOnLoopback(system.app, 0); let k = 0;
  const send = async (m: string, p: string, b?: any, key?: string) => { const r = await fetch(address + p, { method: m, headers: b ? { 'content-type': 'application/json', 'idempotency-key': key ?? `k${k++}` } : {}, ...(b ? { body: JSON.stringify(b) } : {}) }); const t = await r.text(); let body: any = t; try { body = JSON.parse(t); } catch {} return { status: r.status, body }; };
  await send('POST', '/api/v1/units', { unit: 'T1', name: 'x', validFrom: '2024-01-01' }); const U = '/api/v1/units/T1/years/2024';
  await send('POST', `${U}/budget`, { effectiveDate: '2024-01-01', income: [], basic: '0.00', project: '1000000.00', lines: [{ line: 'P2', name: 'n', expenditure: 'project', fund: 'other', original: '1000000.00' }] });
  const res: Record<string, number> = {}; const acked = new Set<string>(); let on = true, n = 0;
  const tally = (l: string, a: any) => { const key = `${l} ${a.status} ${a.body?.code ?? ''} ${a.body?.outcome ?? ''}`; res[key] = (res[key] ?? 0) + 1; };
  const writers = Array.from({ length: 12 }, async (_, w) => { while (on) { const id = `VO-${w}-${n++}`; for (;;) { const a = await send('POST', `${U}/payments`, payment(id, 'P2', '0.01'), id); tally('write', a); if (a.status === 201) acked.add(id); if (a.status !== 503) break; await new Promise((r) => setTimeout(r, 100)); } } });
  const readers = [`${U}/lines`, `${U}/rates?checkpoint=half`, `${U}/journal`, `${U}/history`, '/api/v1/units', U].map(async (p) => { while (on) { tally('read', await send('GET', p)); await new Promise((r) => setTimeout(r, 20)); } });
  const drier = (async () => { while (on) { tally('dry', await send('POST', `${U}/payments?dryRun=true`, payment('VD', 'P2', '0.01'))); await new Promise((r) => setTimeout(r, 20)); } })();
  const admin = new URL(u); admin.pathname = '/postgres'; const c = new pg.Client({ connectionString: admin.href }); c.on('error', () => {}); await c.connect(); const db = u.pathname.slice(1);
  for (let i = 0; i < 25; i++) { await new Promise((r) => setTimeout(r, 300)); await c.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [db]); }
  log(`terminate: ${JSON.stringify(res)}`); for (const q of Object.keys(res)) delete res[q];
  for (let i = 0; i < 4; i++) { up = false; srv.close(); for (const x of socks) x.destroy(); await new Promise((r) => setTimeout(r, 3000)); srv = mk(); up = true; await new Promise<void>((r) => srv.listen(port, '127.0.0.1', () => r())); await new Promise((r) => setTimeout(r, 2500)); }
  log(`refused: ${JSON.stringify(res)}`); on = false; await Promise.all([...writers, ...readers, drier]);
  await new Promise((r) => setTimeout(r, 1500)); log(`lines after ${JSON.stringify((await send('GET', `${U}/lines`)).body.totals?.paid)} acked ${acked.size}`);
  const c2 = new pg.Client({ connectionString: u.href }); await c2.connect(); const { rows } = await c2.query("SELECT count(*) n, count(distinct convert_from(data,'UTF8')::json->>'voucherNo') d FROM log.event WHERE type='PaymentExecuted'"); log(JSON.stringify(rows)); await c2.end(); await c.end();
  await system.stop(); for (const x of socks) x.destroy(); srv.close(); await database.drop();
}, 120000);
