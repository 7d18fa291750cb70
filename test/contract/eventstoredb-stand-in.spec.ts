/**
 * The stand-in answers as a real EventStoreDB node did: every recording, message by message. With `EVENTSTORE_URL` the same
 * is asked of that server.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStandIn } from '../support/eventstoredb/stand-in.js';
import { loadStubs } from './eventstoredb/codec.mjs';
import { replay, type Replayed } from './eventstoredb/replay-check.mjs';

const FOLDER = fileURLToPath(new URL('eventstoredb/', import.meta.url));
const recordings = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace('.json', ''));

/** Left out of any comparison. */
const FRESH_NODE = 'only a node that has just begun answers so';
const LEFT_OUT: Readonly<Record<string, string>> = {
  '08b-read-all-start-of-a-fresh-node': FRESH_NODE,
  '10e-subscribe-all-from-start-of-a-fresh-node': FRESH_NODE,
};

/** Left out with a server that is not ours. */
const QUIET = 'others may write to that server at the same time';
const LEFT_OUT_ON_A_GIVEN_SERVER: Readonly<Record<string, string>> = {
  ...LEFT_OUT,
  '08-read-all': QUIET,
  '10b-subscribe-all-filters': QUIET,
  '10c-subscribe-all-checkpoints': QUIET,
  '10d-subscribe-all-edges': QUIET,
  '15-restart': 'that server is not ours to kill',
  '18-client-read': QUIET,
  '19-client-subscribe': QUIET,
};

/** A difference that is not compared, and where it shows. */
const NOT_COMPARED: readonly (readonly [what: string, why: string])[] = [
  [
    '`…2060` fields that hold the largest number of 64 bits (05, 04b, 13, 14, 17)',
    'the generated code reads and does not write them, and the client looks at the fields that replaced them',
  ],
  [
    'methods of services other than `streams` and `server_features` (01, 17, 18, 19)',
    'the stand-in lists the services that it has',
  ],
  ['details of an OK status, and of a method that is not there (13)', 'they are those of the HTTP server'],
];

const given = process.env['EVENTSTORE_URL'];
const stubs = loadStubs('node_modules');
const fileOf = (recording: string): string => join(FOLDER, `${recording}.json`);

function leftOutOn(server: string | undefined): Readonly<Record<string, string>> {
  if (server === undefined) return LEFT_OUT;
  if (/[?&]tls=false/i.test(server)) return LEFT_OUT_ON_A_GIVEN_SERVER;
  return Object.fromEntries(recordings.map((recording) => [recording, 'the recorded node had no TLS']));
}

/** Far beyond any answer: one that has not come by then is missing. */
const NEVER_MS = 20_000;

/** Each recording on a stand-in of its own, so that all can run at once: most of their time is silence. */
async function replayOnStandIn(recording: string): Promise<Replayed> {
  const dir = await mkdtemp(join(tmpdir(), 'stand-in-'));
  const standIn = await startStandIn({ dir });
  try {
    return await replay(stubs, `127.0.0.1:${standIn.port}`, fileOf(recording), {
      timeout: NEVER_MS,
      restart: () => standIn.restart(),
    });
  } finally {
    await standIn.stop();
    await rm(dir, { recursive: true });
  }
}

describe(given === undefined ? 'the stand-in' : 'the server of EVENTSTORE_URL', () => {
  const leftOut = leftOutOn(given);
  const compared = recordings.filter((recording) => !(recording in leftOut));
  const runs = new Map<string, Promise<Replayed>>();
  beforeAll(() => {
    if (given !== undefined) return;
    for (const recording of compared) runs.set(recording, replayOnStandIn(recording));
  });
  afterAll(() => Promise.allSettled(runs.values()));

  for (const recording of compared) {
    it(`answers as recorded: ${recording}`, async () => {
      const run = runs.get(recording) ?? replay(stubs, new URL(given!.replace('esdb', 'http')).host, fileOf(recording));
      expect(await run).toEqual({ diffs: [], informative: false });
    });
  }

  it.each(Object.entries(leftOut))('is not asked %s, because %s', (recording) => {
    expect(recordings).toContain(recording);
  });

  it.each(NOT_COMPARED)('is not compared in %s, because %s', (what) => {
    const numbers = /\((.*)\)/.exec(what)![1]!.split(', ');
    for (const number of numbers) expect(recordings.some((name) => name.startsWith(`${number}-`))).toBe(true);
  });
});

describe('the comparison', () => {
  it('finds what is different', async () => {
    const standIn = await startStandIn();
    standIn.faults.notLeader({ host: '127.0.0.1', port: 1 });
    const { diffs } = await replay(stubs, `127.0.0.1:${standIn.port}`, fileOf('16-gossip'));
    await standIn.stop();
    expect(diffs).toEqual([
      'entry 2 (g): membersList.0.state: recorded "LEADER", got "FOLLOWER"',
      expect.stringMatching(/^entry 2 \(g\): membersList\.1: .* here, absent in the recording$/),
    ]);
  });
});
