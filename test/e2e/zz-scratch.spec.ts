import { afterAll, beforeAll, it } from '@jest/globals';
import pg from 'pg';
import { readFileSync, writeFileSync, appendFileSync } from 'node:fs';
import { approvePlan, payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../support/system.js';
const OUT = '/tmp/zz-out2.txt';
writeFileSync(OUT, '');
const say = (label: string, a: any, n = 500) => appendFileSync(OUT, `${label}: ${a?.status ?? ''} ${JSON.stringify(a?.body ?? a).slice(0, n)}\n`);
let s: TestSystem;
beforeAll(async () => { s = await startTestSystem(); await approvePlan(s, { P1: '5000.00', P2: '1000000.00', P3: '0.00' }); });
afterAll(() => s.stop());
const U = UNIT_YEAR;
const probe = (name: string, f: () => Promise<void>) => it(name, async () => { appendFileSync(OUT, `== ${name}\n`); try { await f(); } catch (e) { appendFileSync(OUT, `${name} THREW ${(e as Error).stack}\n`); } }, 180000);
const dry = async (l: string) => { const t = performance.now(); const a = await s.send('POST', `${U}/payments?dryRun=true`, payment('VDRY', 'P2', '1.00')); say(`  ${l} dry ${Math.round(performance.now() - t)}ms`, { status: a.status, body: a.body.code ?? a.body.effect?.rates.length }); };

probe('import', async () => {
  const form = JSON.parse(readFileSync('libs/forms/import/bad/json.good', 'utf8'));
  say('form keys', Object.keys(form)); say('form', form, 1500);
  const up = (b: any, q = '') => s.send('POST', `/api/v1/imports${q}`, b);
  const p = await up(form, '?approvedOn=2024-13-45'); say('bad approvedOn', { status: p.status, body: { problems: p.body.problems, faults: p.body.faults } });
  const p1 = await up(form); say('preview', { status: p1.status, body: { unit: p1.body.unit, rowCount: p1.body.rowCount, prob: p1.body.problems, inf: p1.body.inferences } }, 900);
  const two = await Promise.all([1, 2, 3].map(() => s.send('POST', `/api/v1/imports/${p1.body.id}/confirmation`, {})));
  two.forEach((t, i) => say(`parallel confirm ${i}`, t));
  say('get', { status: 200, body: (await s.get(`/api/v1/imports/${p1.body.id}`)).body.progress });
  // changed half-year amounts, same originals
  const raw = JSON.stringify(form);
  const ls = form.expenditure?.projects ?? form.lines ?? form.projects; say('lines', ls?.slice?.(0, 2));
  const form2 = JSON.parse(raw);
  (globalThis as any).F = form2;
  writeFileSync('/tmp/zz-form.json', JSON.stringify(form, null, 1));
});
probe('nulls', async () => {
  await dry('before');
  say('originYear null', await s.send('POST', `${U}/payments`, { ...payment('VN1', 'P2', '1.00'), originYear: null })); await dry('originYear');
  say('codes null', await s.send('POST', `${U}/lines`, { effectiveDate: '2024-03-01', lines: [{ line: 'L1', name: 'n', expenditure: 'project', fund: 'other', codes: null }] })); await dry('codes');
  say('doc null', await s.send('POST', `${U}/adjustments`, { adjustmentId: 'AN', effectiveDate: '2024-03-01', reasonCode: 'ORDINARY', document: null, movements: [{ kind: 'transfer', from: 'P2', to: 'P1', amount: '1.00', structural: null, originYear: null }] })); await dry('doc');
  say('counterpart null', await s.send('POST', `${U}/adjustments`, { adjustmentId: 'AN2', effectiveDate: '2024-03-01', reasonCode: 'ORDINARY', movements: [{ kind: 'cut', line: 'P2', amount: '1.00', counterpart: null, originYear: null }] })); await dry('cp');
  say('depEcon null', await s.send('POST', `${U}/payments`, { ...payment('VN4', 'P2', '1.00'), departmentEconomic: null, final: null })); await dry('dep');
  say('codes.function null', await s.send('POST', `${U}/lines`, { effectiveDate: '2024-03-01', lines: [{ line: 'L2', name: 'n', expenditure: 'project', fund: 'other', codes: { function: null, departmentEconomic: null } }] })); await dry('codes.fn');
  say('parent null', await s.send('POST', `/api/v1/units`, { unit: 'T9', name: 'x', parent: null, validFrom: '2024-01-01' }));
  say('lines null entry', await s.send('POST', `${U}/lines`, { effectiveDate: '2024-03-01', lines: [null] }));
  say('payee null', await s.send('POST', `${U}/payments`, { ...payment('VN5', 'P2', '1.00'), payee: null }));
  say('halfYearPlan null', await s.send('POST', `/api/v1/units/T1/years/2025/budget`, { effectiveDate: '2025-01-01', income: [], basic: '0.00', project: '1.00', lines: [{ line: 'A', name: 'a', expenditure: 'project', fund: 'other', original: '1.00', halfYearPlan: null }] }));
  say('targets weights null', await s.send('PUT', `${U}/targets`, { effectiveDate: '2024-03-01', indicators: [{ indicator: 'I01', block: 1, level1: 'a', level2: 'b', level3: 'c', kind: 'RATIO', comparator: '=', half: { text: 'x', value: '38' }, annual: { text: 'x', value: '38' }, decimals: 0, unit: '%', checkpointBasis: 'FULL_YEAR', metric: 'execution-rate', scope: null, weight: null, keyWork: null, scopeBasis: null }] }, { headers: { 'if-match': '"none"' } })); await dry('targets');
  say('lines read', await s.get(`${U}/lines`)); say('rates read', await s.get(`${U}/rates`));
});
probe('dry race', async () => {
  for (let r = 0; r < 15; r++) {
    await s.send('POST', `${U}/payments`, payment(`VRACE${r}`, 'P2', '10.00'));
    const as = await Promise.all([
      ...Array.from({ length: 10 }, (_, i) => s.send('POST', `${U}/payments/VRACE${r}/returns?dryRun=true`, { returnNo: `TR${r}-${i}`, effectiveDate: '2024-03-02', amount: '10.00', kind: 'active' })),
      s.send('POST', `${U}/payments/VRACE${r}/returns`, { returnNo: `TR${r}`, effectiveDate: '2024-03-02', amount: '10.00', kind: 'active' }),
    ]);
    const c: any = {}; for (const a of as) { const k = `${a.status} ${a.body.code ?? ''}`; c[k] = (c[k] ?? 0) + 1; } if (r < 3 || c['500 INTERNAL']) say(`race ${r}`, { status: '', body: c });
  }
});
probe('host', async () => {
  const { request } = await import('node:http');
  const port = Number(new URL(s.address).port);
  const ask = (headers: any) => new Promise<string>((res) => { const q = request({ host: '127.0.0.1', port, path: '/api/v1/units', method: 'POST', headers }, (r) => { let b = ''; r.on('data', (d) => (b += d)); r.on('end', () => res(`${r.statusCode} ${b.slice(0, 90)}`)); }); q.end('{}'); });
  say('evil host', await ask({ host: `evil.com:${port}`, 'content-type': 'application/json' })); say('null origin', await ask({ host: `127.0.0.1:${port}`, origin: 'null', 'content-type': 'application/json' }));
});
probe('10k', async () => {
  const t = performance.now();
  for (let k = 0; k < 20; k++) await s.send('POST', `${U}/payments`, { payments: Array.from({ length: 500 }, (_, i) => payment(`VK-${k}-${i}`, 'P2', '0.01')) });
  say(`10k events ${Math.round(performance.now() - t)}ms`, ''); await dry('10k'); await dry('10k');
  const csv = 'voucherNo,effectiveDate,line,amount,payee,purpose\n' + Array.from({ length: 100000 }, (_, i) => `VCC-${i},2024-03-01,P2,0.01,某公司,货款${i}`).join('\n') + '\n';
  let worst = 0, last = performance.now(); const iv = setInterval(() => { const n = performance.now(); worst = Math.max(worst, n - last); last = n; }, 20);
  const t1 = performance.now();
  const pre = await s.send('POST', '/api/v1/imports?unit=T1&year=2024', csv, { headers: { 'content-type': 'text/csv' } });
  say(`100k preview ${Math.round(performance.now() - t1)}ms, loop blocked ${Math.round(worst)}ms`, { status: pre.status, body: { n: pre.body.rowCount, p: pre.body.problemCount } });
  worst = 0; last = performance.now(); const t2 = performance.now();
  const confirm = s.send('POST', `/api/v1/imports/${pre.body.id}/confirmation`, {});
  await new Promise((r) => setTimeout(r, 3000));
  const again = await s.send('POST', '/api/v1/imports?unit=T1&year=2024', csv, { headers: { 'content-type': 'text/csv' } });
  say('repost while booking', { status: again.status, body: { repeats: again.body.repeats, p: again.body.problemCount } });
  const g = await s.get(`/api/v1/imports/${pre.body.id}`); say('progress after repost', { status: g.status, body: g.body.progress });
  const c = await confirm; clearInterval(iv);
  say(`100k confirm ${Math.round(performance.now() - t2)}ms, loop blocked ${Math.round(worst)}ms`, { status: c.status, body: { ...c.body, writes: undefined } });
  const g2 = await s.get(`/api/v1/imports/${pre.body.id}`); say('progress at end', { status: g2.status, body: g2.body.progress });
  await dry('110k');
});
probe('outage', async () => {
  const db = new URL(s.url).pathname.slice(1); const admin = new URL(s.url); admin.pathname = '/postgres';
  const c = new pg.Client({ connectionString: admin.href }); await c.connect();
  const results: Record<string, number> = {}; const acked = new Set<string>(); const unknown: string[] = []; let on = true; let n = 0;
  const writers = Array.from({ length: 16 }, async (_, w) => { while (on) { const v = `VO-${w}-${n++}`; let a; for (;;) { a = await s.send('POST', `${U}/payments`, payment(v, 'P2', '0.01'), { key: v }); const k = `${a.status} ${a.body.code ?? ''} ${a.body.outcome ?? ''}`; results[k] = (results[k] ?? 0) + 1; if (a.status !== 503) break; await new Promise((r) => setTimeout(r, 100)); } if (a.status === 201) acked.add(v); else unknown.push(v); } });
  await new Promise((r) => setTimeout(r, 500));
  for (let i = 0; i < 10; i++) { await c.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [db]); await new Promise((r) => setTimeout(r, 200)); }
  say('terminated', { status: '', body: { ...results } });
  await c.query(`ALTER DATABASE "${db}" WITH ALLOW_CONNECTIONS false`); await c.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [db]);
  await new Promise((r) => setTimeout(r, 4000));
  const t = performance.now(); say('write while gone', await s.send('POST', `${U}/payments`, payment('VGONE', 'P2', '0.01'))); say(`${Math.round(performance.now() - t)}ms`, '');
  say('dry while gone', await s.send('POST', `${U}/payments?dryRun=true`, payment('VGONE', 'P2', '0.01')));
  say('replay while gone', await s.send('POST', `${U}/payments`, payment('VK-0-0', 'P2', '0.01')));
  say('refusal while gone', await s.send('POST', `${U}/freezes`, { freezeId: 'FX', effectiveDate: '2024-03-01', line: 'P3', amount: '1.00' }));
  for (const p of [`${U}/lines`, `${U}/rates`, `${U}/journal`, `${U}/history`, `${U}/targets`, '/api/v1/units', '/readyz', '/livez', '/api/v1/admin/log']) { const a = await s.get(p); say(`read ${p}`, { status: a.status, body: a.body.code ?? a.body }, 120); }
  await c.query(`ALTER DATABASE "${db}" WITH ALLOW_CONNECTIONS true`);
  const t3 = performance.now(); for (;;) { const a = await s.get('/readyz'); if (a.status === 200) break; await new Promise((r) => setTimeout(r, 50)); } say(`ready again ${Math.round(performance.now() - t3)}ms`, '');
  await new Promise((r) => setTimeout(r, 1500)); on = false; await Promise.all(writers);
  say('results', { status: '', body: results }); say('other', { status: '', body: unknown });
  const c2 = new pg.Client({ connectionString: s.url }); await c2.connect();
  const { rows } = await c2.query(`SELECT convert_from(data,'UTF8')::json->>'voucherNo' v, count(*) n FROM log.event WHERE type='PaymentExecuted' AND convert_from(data,'UTF8') LIKE '%VO-%' GROUP BY 1`);
  const stored = new Map(rows.map((r: any) => [r.v, Number(r.n)])); say('acked lost', { status: '', body: { acked: acked.size, lost: [...acked].filter((v) => !stored.has(v)).length, twice: [...stored.values()].filter((x) => x > 1).length } });
  await dry('after'); await c.end(); await c2.end();
});
