/** For specs: partitions of a topic into read models, by as many projectors. */
import type { Position } from '#domain/envelope.js';
import type { EventStore } from '#event-store/port.js';
import { readMessage } from '#messaging/event-message.js';
import { partitionOf } from '#messaging/partition.js';
import type { Batch, Messaging } from '#messaging/port.js';
import { openReadModels } from '#read-model/data-source.js';
import { partitionNamed, preparePartitions, type Partitions } from '#read-model/projections/partitions.js';
import { createProjector, type Projector } from '#read-model/projections/projector.js';

export interface ProjectionParts {
  readonly url: string;
  readonly log: EventStore;
  readonly messaging: Messaging;
  readonly topic: string;
  readonly group: string;
  readonly partitions: number;
}

export async function startProjection({ url, log, messaging, topic, group, partitions }: ProjectionParts) {
  const names = Array.from({ length: partitions }, (_, index) => `p${index}`);
  const delivered: Partitions = { names, of: (stream) => `p${partitionOf(stream, partitions)}` };
  const dataSource = await openReadModels(url);
  await preparePartitions(dataSource, names, log.order('start'));
  const projectors = new Map<number, Promise<Projector>>();
  const projectorOf = (partition: number): Promise<Projector> => {
    const made =
      projectors.get(partition) ??
      createProjector({ dataSource, log, partition: partitionNamed(delivered, `p${partition}`) });
    projectors.set(partition, made);
    return made;
  };
  const handler = async ({ partition, messages }: Batch): Promise<void> => {
    const arrivals = messages.map(readMessage);
    const events = arrivals.flatMap((arrival) => (arrival.kind === 'event' ? [arrival.envelope] : []));
    const last = arrivals.at(-1);
    if (last === undefined) return;
    const { position, time } =
      last.kind === 'heartbeat' ? last : { position: last.envelope.position, time: last.envelope.recordedAt };
    const through = { position: log.order(position), opaque: position as Position, recordedAt: time };
    await (await projectorOf(partition)).handle(events, through);
  };
  const consumer = await messaging.consume({ topic, group, handler });
  return {
    addresses: [] as readonly string[],
    stop: async () => {
      await consumer.stop();
      await dataSource.destroy();
    },
  };
}
