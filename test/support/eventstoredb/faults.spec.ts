import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ANY,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  NotLeaderError,
  START,
  UnavailableError,
  type AppendResult,
} from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import grpc from '@grpc/grpc-js';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { startStandIn, type StandIn } from './stand-in.js';

/** Each fault as the real client meets it. */
describe('a fault of the server, seen by the client', () => {
  let standIn: StandIn;
  let leader: StandIn | undefined;
  let client: EventStoreDBClient;
  let id: string;
  beforeEach(async () => {
    standIn = await startStandIn();
    client = EventStoreDBClient.connectionString(standIn.url);
    id = randomUUID();
  });
  afterEach(async () => {
    await client.dispose();
    await standIn.stop();
    await leader?.stop();
  });

  const credentials = { credentials: { username: 'admin', password: 'changeit' } };
  const event = (eventId = id) => jsonEvent({ id: eventId, type: 'Numbered', data: {} });
  const append = (): Promise<AppendResult> =>
    client.appendToStream('books', [event()], { expectedRevision: NO_STREAM });

  async function idsIn(stream: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const read of client.readStream(stream)) if (read.event) ids.push(read.event.id);
    return ids;
  }

  /** A connection that asks for nothing. */
  async function connect(): Promise<void> {
    const connection = new grpc.Client(`127.0.0.1:${standIn.port}`, grpc.credentials.createInsecure());
    await promisify(connection.waitForReady.bind(connection))(Infinity);
    connection.close();
  }

  const stored = async (stream: string): Promise<void> => {
    while ((await idsIn(stream).catch(() => [])).length === 0);
  };

  /** A subscription that is live, and its end. */
  async function subscription(): Promise<Promise<unknown>> {
    const subscribed = client.subscribeToAll({ fromPosition: START });
    subscribed.resume();
    await once(subscribed, 'caughtUp');
    return once(subscribed, 'error').then(([error]: unknown[]) => error);
  }

  it.each(['answered', 'refused'] as const)('unavailable, %s: calls fail until it is over', async (how) => {
    const ended = subscription();
    await client.appendToStream('before', [event(randomUUID())]);
    standIn.faults.unavailable(how);
    await expect(ended).resolves.toBeInstanceOf(UnavailableError);
    // The first append of a connection asks for the server's features; the client leaves that error as it is.
    await expect(append()).rejects.toMatchObject({ code: 14 });
    await expect(idsIn('before')).rejects.toBeInstanceOf(UnavailableError);
    standIn.faults.none();
    expect(await append()).toMatchObject({ success: true });
    expect(await idsIn('books')).toEqual([id]);
  });

  it('unavailable, silent: what was asked is done when it is over', async () => {
    await client.appendToStream('before', [event(randomUUID())]);
    standIn.faults.unavailable('silent');
    let settled = 0;
    const [appended, read] = [append(), idsIn('before')];
    for (const asked of [appended, read]) void asked.finally(() => (settled += 1));
    // Connections are still taken, many times over what an answer would have needed.
    for (let n = 0; n < 20; n += 1) await connect();
    expect(settled).toBe(0);
    standIn.faults.none();
    expect(await appended).toMatchObject({ success: true });
    expect(await read).toHaveLength(1);
    expect(await idsIn('books')).toEqual([id]);
  });

  it.each([
    ['BatchAppend', {}],
    ['Append', credentials],
  ])('not the leader, %s: the client goes to the leader', async (_method, options) => {
    leader = await startStandIn();
    standIn.faults.notLeader({ host: '127.0.0.1', port: leader.port });
    const refused: unknown = await client.appendToStream('books', [event()], options).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NotLeaderError);
    expect((refused as NotLeaderError).leader).toEqual({ address: '127.0.0.1', port: leader.port });
    await client.appendToStream('books', [event()], options);
    await client.dispose();
    client = EventStoreDBClient.connectionString(leader.url);
    expect(await idsIn('books')).toEqual([id]);
  });

  it('a lost reply, the call ended: stored, and the repeat is answered with the first position', async () => {
    standIn.faults.loseReplies(1, 'ended');
    await expect(append()).rejects.toBeInstanceOf(UnavailableError);
    expect(await idsIn('books')).toEqual([id]);
    const stored = await append();
    expect(await append()).toEqual(stored);
    expect(await idsIn('books')).toEqual([id]);
  });

  it('a lost reply, in silence: stored, and never answered', async () => {
    standIn.faults.loseReplies(1);
    let settled = false;
    const lost = append().finally(() => (settled = true));
    await stored('books');
    await client.appendToStream('after', [event(randomUUID())]);
    expect(settled).toBe(false);
    standIn.faults.unavailable();
    await expect(lost).rejects.toBeInstanceOf(UnavailableError);
  });

  it('the end of a batch in its middle: some are stored, none is answered', async () => {
    await client.appendToStream('before', [jsonEvent({ type: 'First', data: {} })]);
    // All four wait at the server and are then committed together.
    standIn.faults.unavailable('silent');
    const appends = [1, 2, 3, 4].map((n) => client.appendToStream(`books-${n}`, [event()], { expectedRevision: ANY }));
    for (let n = 0; n < 20; n += 1) await connect();
    standIn.faults.none();
    standIn.faults.endBatchAfter(2);
    for (const { status } of await Promise.allSettled(appends)) expect(status).toBe('rejected');
    const written: string[] = [];
    for await (const { event: read } of client.readAll()) if (read?.type === 'Numbered') written.push(read.streamId);
    expect(written).toEqual(['books-1', 'books-2']);
  });

  it('a late reply: stored at once, answered later', async () => {
    const release = standIn.faults.holdReplies();
    let settled = false;
    const late = append().finally(() => (settled = true));
    await stored('books');
    expect(settled).toBe(false);
    release();
    expect(await late).toMatchObject({ success: true });
  });

  it('a reply that comes twice ends a process that does not expect it of its client', async () => {
    standIn.faults.repeatReplies(1);
    const program = `
      import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
      const client = EventStoreDBClient.connectionString('${standIn.url}');
      await client.appendToStream('books', [jsonEvent({ id: '${id}', type: 'Numbered', data: {} })]);
      console.log('answered');
      await new Promise(() => setInterval(() => {}, 1_000));`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
    await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('TypeError') });
    expect(await idsIn('books')).toEqual([id]);
  });

  it('slow reads: an event comes when it comes, and appends do not wait', async () => {
    await append();
    standIn.faults.slowReads(3_600_000);
    const slow = idsIn('books');
    await client.appendToStream('books', [event(randomUUID())]);
    let settled = false;
    void slow.finally(() => (settled = true));
    expect(settled).toBe(false);
    standIn.faults.none();
    expect(await slow).toContain(id);
  });
});
