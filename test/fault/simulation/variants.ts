/** Parts that are wrong on purpose: a simulation that does not find them within its seeds finds nothing. */
import { v5 as uuidv5 } from 'uuid';
import type { Envelope, Position } from '#domain/envelope.js';
import { StoreUnavailable } from '#event-store/port.js';
import { noChanges } from '#read-model/projections/changes.js';
import { metaOf } from './ledger.js';
import type { Variant } from './simulate.js';

const NAMESPACE = '0f6c1c5e-7d1c-5f0e-9c7a-2b1f6a0d8e53';

/** Each with what a check says of it, so that it is not found for another reason. */
export const BROKEN: Readonly<Record<string, Variant & { readonly finding: RegExp }>> = {
  'a projector that stores its position before its rows': {
    finding: /^differing: journal lacks /,
    into: (into, _process, { world, faults }) => ({
      ...into,
      async apply(partition, place, absorbed) {
        await into.apply(partition, place, { ...absorbed, changes: noChanges(), heads: [], parked: [], clock: [] });
        if (faults.on && world.chance.happens(0.02)) throw new Error('it died in between');
        return into.apply(partition, absorbed.place, absorbed);
      },
    }),
  },
  'a projector that does not ask which events it has': {
    finding: /^lost: nothing moves: .* are not there$/,
    into: (into) => ({ ...into, source: { ...into.source, heads: async () => [] } }),
  },
  'a handler that retries under new ids': {
    finding: /is in the log [2-9] times$/,
    send: (ledger, request, attempt) =>
      ledger.handle(request, metaOf(request.key, uuidv5(`${request.key} ${attempt}`, NAMESPACE))),
  },
  'a process that acknowledges what it does not know to be stored': {
    finding: /was acknowledged with \d+ events, the log has 0 or others$/,
    store: (store, _process, { world }) => ({
      ...store,
      append: async (stream, expected, events) => {
        try {
          return await store.append(stream, expected, events);
        } catch (error) {
          if (!(error instanceof StoreUnavailable) || error.outcome !== 'unknown') throw error;
          const first = expected === 'none' ? 0 : expected + 1;
          return events.map((event, nth): Envelope => ({
            ...event,
            stream,
            revision: first + nth,
            position: '1' as Position,
            recordedAt: world.now,
          }));
        }
      },
    }),
  },
  'a log that believes its clock': {
    finding: /is stamped before the one before it$/,
    store: (store, _process, { log, world, faults }) => ({
      ...store,
      append: async (...request) => {
        log.memory.floor = world.now + faults.skew;
        return store.append(...request);
      },
    }),
  },
  'a log that forgets which instants are past': {
    finding: /: answered .*, a fold gives /,
    store: (store, _process, { log }) => ({
      ...store,
      settled: async (instant) => {
        const end = await store.settled(instant);
        log.memory.floor = log.events.at(-1)?.recordedAt ?? 0;
        return end;
      },
    }),
  },
  'a process that refuses without a look at what others wrote': {
    finding: /, which was at no time so$/,
    store: (store) => ({
      ...store,
      async *read(stream, options = {}) {
        const isLook = (options.from ?? 0) > 0 && options.limit === undefined;
        if (!isLook) yield* store.read(stream, options);
      },
    }),
  },
  'a reader that does not wait for what it asks about': {
    finding: /: answered .*, a fold gives /,
    readersWait: false,
  },
  'a reader that is told what is known now': {
    finding: /: another answer today$/,
    readersKeepToThen: false,
  },
};
