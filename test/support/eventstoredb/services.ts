/** The services and their methods, bound to one life of the node: what all calls have in common, and who serves which. */
import type { EventEmitter } from 'node:events';
import type grpc from '@grpc/grpc-js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { clusterInfo, supportedMethods } from './about.js';
import { append } from './append.js';
import { batchAppend } from './batch-append.js';
import { remove } from './deletion.js';
import { streams } from './messages.js';
import type { Life } from './life.js';
import { ReadCall } from './read-call.js';
import { readAll, readStream, requestOf } from './read.js';
import { asServiceError, unavailable } from './refusals.js';
import { subscribeToAll, subscribeToStream } from './subscription.js';

type Service = readonly [grpc.ServiceDefinition, grpc.UntypedServiceImplementation];

export function servicesOf(life: Life): readonly Service[] {
  const { StreamsService } = streamsService;
  // Events are encoded when they are written, not each time that they are read.
  const read = { ...StreamsService.read, responseSerialize: (bytes: Buffer) => bytes };
  return [
    [
      { ...StreamsService, read },
      {
        read: readCall(life),
        append: appendCall(life),
        batchAppend: batchAppendCall(life),
        delete: unaryCall<streams.DeleteReq, streams.DeleteResp>(life, (request, answer, end) =>
          remove(life, { request, kind: 'Delete', end, done: (position) => answer(deleted(position)) }),
        ),
        tombstone: unaryCall<streams.TombstoneReq, streams.TombstoneResp>(life, (request, answer, end) =>
          remove(life, { request, kind: 'Tombstone', end, done: (position) => answer(tombstoned(position)) }),
        ),
      },
    ],
    [
      gossipService.GossipService,
      { read: unaryCall(life, (_, answer) => answer(clusterInfo(life.address, life.faults.leader))) },
    ],
    [
      featuresService.ServerFeaturesService,
      { getSupportedMethods: unaryCall(life, (_, answer) => answer(supportedMethods())) },
    ],
  ];
}

function readCall(life: Life): grpc.handleServerStreamingCall<streams.ReadReq, Buffer> {
  return (call) => {
    const open = openCall(life, call, (error) => call.emit('error', error));
    open.start(async () => {
      const request = requestOf(call.request);
      const out = new ReadCall(life, call, request.structuredIds);
      await answerRead(life, out, request);
      if (!out.isOver) call.end();
      open.over();
    });
  };
}

function answerRead({ commits }: Life, out: ReadCall, request: ReturnType<typeof requestOf>): Promise<void> {
  if (request.until === 'count') {
    if (request.of === 'stream') return readStream(commits.log, out, request);
    return readAll(commits.log, out, request);
  }
  return request.of === 'stream' ? subscribeToStream(commits, out, request) : subscribeToAll(commits, out, request);
}

function appendCall(life: Life): grpc.handleClientStreamingCall<streams.AppendReq, streams.AppendResp> {
  return (call, callback) => {
    const open = openCall(life, call, (error) => callback(error));
    const messages: streams.AppendReq[] = [];
    call.on('data', (message: streams.AppendReq) => messages.push(message));
    call.on('end', () =>
      open.start(() =>
        append(life, {
          messages,
          end: open.end,
          answer: (response) => {
            if (open.over()) callback(null, response);
          },
        }),
      ),
    );
  };
}

function batchAppendCall(life: Life): grpc.handleBidiStreamingCall<streams.BatchAppendReq, streams.BatchAppendResp> {
  return (call) => {
    const open = openCall(life, call, (error) => call.emit('error', error));
    const take = batchAppend(
      life,
      (response) => {
        if (open.isOpen()) call.write(response);
      },
      open.end,
    );
    // When the client has said all it has to say the call stays open, as with the real server.
    call.on('data', (request: streams.BatchAppendReq) => open.start(() => take(request)));
  };
}

type Answer<Request, Response> = (
  request: Request,
  answer: (response: Response) => void,
  end: (error: unknown) => void,
) => void;

function unaryCall<Request, Response>(
  life: Life,
  answerTo: Answer<Request, Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const open = openCall(life, call, (error) => callback(error));
    const answer = (response: Response): void => {
      if (open.over()) callback(null, response);
    };
    open.start(() => answerTo(call.request, answer, open.end));
  };
}

interface OpenCall {
  isOpen(): boolean;
  /** Ends the call with an error, once. */
  readonly end: (error: unknown) => void;
  /** The call is answered: nothing ends it any more. False if it was over already. */
  over(): boolean;
  /** Does something for the call, unless the node is not to answer; what is thrown ends the call. */
  start(work: () => void | Promise<void>): void;
}

function openCall(life: Life, call: EventEmitter, fail: (error: Partial<grpc.ServiceError>) => void): OpenCall {
  let isOpen = true;
  const over = (): boolean => {
    const was = isOpen;
    isOpen = false;
    life.calls.delete(end);
    return was;
  };
  const end = (error: unknown): void => {
    if (over()) fail(asServiceError(error));
  };
  const run = async (work: () => void | Promise<void>): Promise<void> => {
    try {
      if (isOpen) await work();
    } catch (error) {
      end(error);
    }
  };
  life.calls.add(end);
  call.on('cancelled', over);
  if (life.faults.how === 'answered') end(unavailable());
  return {
    isOpen: () => isOpen,
    end,
    over,
    start: (work) => {
      const asleep = life.asleep();
      if (asleep === undefined) void run(work);
      else void asleep.then(() => run(work));
    },
  };
}

const deleted = (position: string): streams.DeleteResp =>
  new streams.DeleteResp().setPosition(
    new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position),
  );

const tombstoned = (position: string): streams.TombstoneResp =>
  new streams.TombstoneResp().setPosition(
    new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position),
  );
