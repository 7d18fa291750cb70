/** A log file through the API of a running system: what is taken in comes out again to the letter, times included. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { startTestSystem, type TestSystem } from '../support/system.js';

const FILE = readFileSync('apps/standalone/sample/sample.ndjson', 'utf8');
const NDJSON = { 'content-type': 'application/x-ndjson' };

describe('a log file', () => {
  let system: TestSystem | undefined;
  afterEach(async () => system?.stop());

  it('keeps its times in a system that has started and was asked', async () => {
    system = await startTestSystem();
    await system.get('/metrics');
    await system.get('/api/v1/units/U0001/years/2024/rates?knownAt=2025-01-01');
    const taken = await system.send('POST', '/api/v1/admin/log', FILE, { headers: NDJSON });
    expect([taken.status, taken.body]).toEqual([201, { events: FILE.trim().split('\n').length - 1 }]);
    expect((await system.get('/api/v1/admin/log')).body).toBe(FILE);
  });

  it('says when somebody had the log promise that nothing older comes, and what to do', async () => {
    system = await startTestSystem();
    const [header, ...lines] = FILE.trim().split('\n');
    // To the end of a run of one stream, as an import that was cut off leaves it.
    const streams = lines.map((line) => (JSON.parse(line) as { stream: string }).stream);
    const kept = streams.findIndex((stream, at) => at > 1 && stream !== streams[at - 1]);
    const part = `${[header, ...lines.slice(0, kept)].join('\n')}\n`;
    expect((await system.send('POST', '/api/v1/admin/log', part, { headers: NDJSON })).status).toBe(201);
    const read = await system.get('/api/v1/units/U0001/years/2024/lines?knownAt=2026-01-01');
    expect(read.status).not.toBe(422);
    const rest = await system.send('POST', '/api/v1/admin/log', FILE, { headers: NDJSON });
    expect([rest.status, rest.body.code, rest.body.line]).toEqual([409, 'LOG_TIMES_CHANGED', kept + 2]);
    expect(rest.body.detail).toMatch(/later time than in the file.*Begin with an empty log again/);
  });
});
