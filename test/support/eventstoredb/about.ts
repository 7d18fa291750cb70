/** What a client asks about the node itself: its methods, and who leads. */
import { randomUUID } from 'node:crypto';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { Leader } from './faults.js';
import { uuidAsHalves } from './messages.js';

const VERSION = '24.2.0';

/** The services that the stand-in has; the real one lists more. Clients use BatchAppend where they find it here. */
const METHODS: readonly (readonly [service: string, method: string, features: readonly string[]])[] = [
  ['streams.streams', 'read', ['position', 'events']],
  ['streams.streams', 'append', []],
  ['streams.streams', 'delete', []],
  ['streams.streams', 'tombstone', []],
  ['streams.streams', 'batchappend', ['deadline_duration']],
  ['gossip.gossip', 'read', []],
  ['server_features.serverfeatures', 'getsupportedmethods', []],
];

export function supportedMethods(): features.SupportedMethods {
  const methods = METHODS.map(([service, method, names]) =>
    new features.SupportedMethod()
      .setServiceName(`event_store.client.${service}`)
      .setMethodName(method)
      .setFeaturesList([...names]),
  );
  return new features.SupportedMethods().setMethodsList(methods).setEventStoreServerVersion(VERSION);
}

const TICKS_PER_MS = 10_000;

/** `leader`: another node, when this one is a follower. */
export function clusterInfo(self: Leader, leader: Leader | undefined): gossip.ClusterInfo {
  const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState;
  const members = [member(self, leader === undefined ? LEADER : FOLLOWER)];
  if (leader !== undefined) members.push(member(leader, LEADER));
  return new gossip.ClusterInfo().setMembersList(members);
}

function member({ host, port }: Leader, state: gossip.MemberInfo.VNodeState): gossip.MemberInfo {
  return new gossip.MemberInfo()
    .setInstanceId(uuidAsHalves(randomUUID()))
    .setTimeStamp(String(Date.now() * TICKS_PER_MS))
    .setState(state)
    .setIsAlive(true)
    .setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port));
}
