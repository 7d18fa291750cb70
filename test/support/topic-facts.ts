/** What stands in the topic of events, and what of it would be wrong: the oracle of everything that fills it. */
import type { LogEntry } from '#event-store/eventstoredb/followed.js';
import { readMessage } from '#messaging/event-message.js';
import { partitionOf } from '#messaging/partition.js';
import type { IncomingMessage } from '#messaging/port.js';

export interface Fact {
  readonly kind: 'event' | 'heartbeat';
  readonly position: bigint;
  /** Log time, UTC ms. */
  readonly time: number;
  /** `stream@revision` of an event. */
  readonly event?: string;
}

/** Of each partition what its messages say, in order. */
export const factsOf = (partitions: readonly (readonly IncomingMessage[])[]): Fact[][] =>
  partitions.map((messages) => messages.map(factOf));

/** A topic is looked at over and over while it grows. */
const known = new WeakMap<IncomingMessage, Fact>();

function factOf(message: IncomingMessage): Fact {
  const fact = known.get(message) ?? read(message);
  known.set(message, fact);
  return fact;
}

function read(message: IncomingMessage): Fact {
  const arrival = readMessage(message);
  if (arrival.kind === 'heartbeat') {
    return { kind: 'heartbeat', position: BigInt(arrival.position), time: arrival.time };
  }
  const { stream, revision, position, recordedAt } = arrival.envelope;
  return { kind: 'event', position: BigInt(position), time: recordedAt, event: `${stream}@${revision}` };
}

/**
 * Sentences about what is wrong: an event missing or in another partition, one that came first after a later one, a time
 * that is not the log's, a heartbeat before an event that it says was sent.
 */
export function faultsOf(facts: readonly (readonly Fact[])[], entries: readonly LogEntry[]): readonly string[] {
  const wanted = facts.map(() => [] as Fact[]);
  let time = 0;
  for (const entry of entries) {
    if (entry.kind === 'checkpoint') continue;
    time = Math.max(time, entry.kind === 'event' ? entry.envelope.recordedAt : entry.recordedAt);
    if (entry.kind === 'mark') continue;
    const { stream, revision } = entry.envelope;
    const fact: Fact = { kind: 'event', position: entry.place.commit, time, event: `${stream}@${revision}` };
    wanted[partitionOf(stream, facts.length)]!.push(fact);
  }
  return facts.flatMap((found, partition) =>
    faultsOfPartition(found, wanted[partition]!).map((fault) => `partition ${partition}: ${fault}`),
  );
}

function faultsOfPartition(found: readonly Fact[], wanted: readonly Fact[]): readonly string[] {
  const faults: string[] = [];
  const places = new Map(wanted.map(({ event }, index) => [event, index]));
  let next = 0;
  for (const fact of found) {
    if (fact.kind === 'heartbeat') {
      const missing = wanted[next];
      if (missing && missing.position <= fact.position)
        faults.push(`a heartbeat at ${fact.position} stands before ${missing.event} at ${missing.position}`);
      continue;
    }
    const place = places.get(fact.event);
    if (place === undefined) faults.push(`${fact.event} does not belong here`);
    else if (place > next) faults.push(`${fact.event} came before ${wanted[next]!.event}`);
    else if (fact.time !== wanted[place]!.time || fact.position !== wanted[place]!.position)
      faults.push(`${fact.event} has position ${fact.position} and time ${fact.time}`);
    if (place === next) next += 1;
  }
  if (next < wanted.length)
    faults.push(`${wanted.length - next} events are missing, the first is ${wanted[next]!.event}`);
  return faults;
}
