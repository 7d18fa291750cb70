import { describe, expect, it } from '@jest/globals';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { setImmediate as nextRound } from 'node:timers/promises';
import { Commits } from './commits.js';
import { noFile } from './disk.js';
import { FaultSwitches } from './faults.js';
import { EventLog } from './log.js';
import { streams } from './messages.js';
import { ReadCall } from './read-call.js';
import { subscribeToAll, subscribeToStream } from './subscription.js';

const EVENTS = 1_000;
const BUFFERED = 16;

/** A call whose client takes as many answers as it is told to. */
class SlowClient extends Writable {
  readonly taken: streams.ReadResp[] = [];
  #waiting: (() => void)[] = [];
  #willing = 0;

  constructor() {
    super({ objectMode: true, highWaterMark: BUFFERED });
  }

  override _write(answer: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(streams.ReadResp.deserializeBinary(answer));
    this.#waiting.push(done);
    this.take(0);
  }

  take(count: number): void {
    this.#willing += count;
    while (this.#willing > 0 && this.#waiting.length > 0) {
      this.#willing -= 1;
      this.#waiting.shift()!();
    }
  }
}

function commitsWithEvents(): Commits {
  const log = new EventLog([], Date.now);
  const data = new Uint8Array();
  const events = Array.from({ length: EVENTS }, () => {
    return { id: randomUUID(), type: 'Numbered', contentType: 'application/json', data, customMetadata: data };
  });
  log.write({ stream: 'books', events });
  return new Commits(log, noFile);
}

describe('a subscription whose client takes nothing', () => {
  const common = { structuredIds: false, backwards: false, until: 'cancelled', from: 'start' } as const;

  it.each([
    [
      '$all',
      (commits: Commits, call: ReadCall) => subscribeToAll(commits, call, { ...common, of: 'all', filter: undefined }),
    ],
    [
      'a stream',
      (commits: Commits, call: ReadCall) =>
        subscribeToStream(commits, call, { ...common, of: 'stream', stream: 'books' }),
    ],
  ])('to %s, is sent what its buffer holds, and the rest when it takes again', async (_of, subscribe) => {
    const commits = commitsWithEvents();
    const client = new SlowClient();
    const life = {
      commits,
      faults: new FaultSwitches(() => {}),
      calls: new Set<() => void>(),
      address: { host: '127.0.0.1', port: 1 },
      asleep: () => undefined,
      die: () => {},
    };
    const call = new ReadCall(life, client as unknown as ServerWritableStream<streams.ReadReq, Buffer>, false);
    const ended = subscribe(commits, call);
    for (let round = 0; round < 100; round += 1) await nextRound();
    expect(client.taken).toHaveLength(1);
    expect(client.writableLength).toBe(BUFFERED);

    client.take(Infinity);
    while (client.taken.at(-1)?.hasCaughtUp() !== true) await nextRound();
    const revisions = client.taken.flatMap((answer) => {
      const event = answer.getEvent()?.getEvent();
      return event?.getMetadataMap().get('type') === 'Numbered' ? [Number(event.getStreamRevision())] : [];
    });
    expect(revisions).toEqual(Array.from({ length: EVENTS }, (_, revision) => revision));
    client.destroy();
    await ended;
  });
});
