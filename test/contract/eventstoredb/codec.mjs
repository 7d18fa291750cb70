/** Recordings' readable JSON and the protobuf messages that it stands for. */
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loads @grpc/grpc-js and the generated stubs of @eventstore/db-client from a node_modules folder. */
export function loadStubs(modules) {
  const req = createRequire(pathToFileURL(join(resolve(modules), 'x.js')));
  const clientReq = createRequire(req.resolve('@eventstore/db-client'));
  const first = (name) => {
    try {
      return clientReq(name);
    } catch {
      return req(name);
    }
  };
  const gen = '@eventstore/db-client/generated/';
  return {
    grpc: first('@grpc/grpc-js'),
    jspb: first('google-protobuf'),
    any: first('google-protobuf/google/protobuf/any_pb'),
    gEmpty: first('google-protobuf/google/protobuf/empty_pb'),
    timestamp: first('google-protobuf/google/protobuf/timestamp_pb'),
    streams: req(gen + 'streams_pb'),
    shared: req(gen + 'shared_pb'),
    status: req(gen + 'status_pb'),
    features: req(gen + 'serverfeatures_pb'),
    gossip: req(gen + 'gossip_pb'),
  };
}

const hex16 = (n) => BigInt.asUintN(64, BigInt(n)).toString(16).padStart(16, '0');
export const fromStructured = (msb, lsb) =>
  (hex16(msb) + hex16(lsb)).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
export const toStructured = (uuid) => {
  const h = uuid.replace(/-/g, '');
  const half = (x) => BigInt.asIntN(64, BigInt('0x' + x)).toString();
  return { mostSignificantBits: half(h.slice(0, 16)), leastSignificantBits: half(h.slice(16)) };
};

const cap = (s) => s[0].toUpperCase() + s.slice(1);
/** Encoding, decoding, and the messages of each method, with the stubs of `loadStubs`. */
export function codec(m) {
  const S = m.streams,
    Sh = m.shared,
    RO = S.ReadReq.Options;
  const streamId = { streamIdentifier: Sh.StreamIdentifier };
  const expected = { ...streamId, noStream: Sh.Empty, any: Sh.Empty, streamExists: Sh.Empty };
  const expectedG = { ...streamId, noStream: m.gEmpty.Empty, any: m.gEmpty.Empty, streamExists: m.gEmpty.Empty };
  const nested = new Map([
    [S.ReadReq, { options: RO }],
    [
      RO,
      {
        stream: RO.StreamOptions,
        all: RO.AllOptions,
        subscription: RO.SubscriptionOptions,
        filter: RO.FilterOptions,
        noFilter: Sh.Empty,
        uuidOption: RO.UUIDOption,
        controlOption: RO.ControlOption,
      },
    ],
    [RO.StreamOptions, { ...streamId, start: Sh.Empty, end: Sh.Empty }],
    [RO.AllOptions, { position: RO.Position, start: Sh.Empty, end: Sh.Empty }],
    [RO.UUIDOption, { structured: Sh.Empty, string: Sh.Empty }],
    [
      RO.FilterOptions,
      { streamIdentifier: RO.FilterOptions.Expression, eventType: RO.FilterOptions.Expression, count: Sh.Empty },
    ],
    [S.AppendReq, { options: S.AppendReq.Options, proposedMessage: S.AppendReq.ProposedMessage }],
    [S.AppendReq.Options, expected],
    [S.AppendReq.ProposedMessage, { id: Sh.UUID }],
    [
      S.BatchAppendReq,
      {
        correlationId: Sh.UUID,
        options: S.BatchAppendReq.Options,
        proposedMessagesList: S.BatchAppendReq.ProposedMessage,
      },
    ],
    [S.BatchAppendReq.Options, { ...expectedG, deadline: m.timestamp.Timestamp }],
    [S.BatchAppendReq.ProposedMessage, { id: Sh.UUID }],
    [S.DeleteReq, { options: S.DeleteReq.Options }],
    [S.DeleteReq.Options, expected],
    [S.TombstoneReq, { options: S.TombstoneReq.Options }],
    [S.TombstoneReq.Options, expected],
  ]);
  const st = '/event_store.client.streams.Streams/';
  const rpcs = {
    [st + 'Read']: [S.ReadReq, S.ReadResp],
    [st + 'Append']: [S.AppendReq, S.AppendResp],
    [st + 'BatchAppend']: [S.BatchAppendReq, S.BatchAppendResp],
    [st + 'Delete']: [S.DeleteReq, S.DeleteResp],
    [st + 'Tombstone']: [S.TombstoneReq, S.TombstoneResp],
    '/event_store.client.server_features.ServerFeatures/GetSupportedMethods': [Sh.Empty, m.features.SupportedMethods],
    '/event_store.client.gossip.Gossip/Read': [Sh.Empty, m.gossip.ClusterInfo],
  };
  const bytes = (v) =>
    'repeat' in v
      ? Buffer.alloc(v.times, v.repeat)
      : 'base64' in v
        ? Buffer.from(v.base64, 'base64')
        : Buffer.from(v.utf8);
  function encode(Type, json) {
    const msg = new Type();
    for (const [k, v] of Object.entries(json)) {
      const Sub = nested.get(Type)?.[k];
      if (k === 'metadata') for (const [a, b] of Object.entries(v)) msg.getMetadataMap().set(a, b);
      else if (Type === Sh.UUID && k === 'structured') {
        const s = new Sh.UUID.Structured(),
          x = toStructured(v);
        s.setMostSignificantBits(x.mostSignificantBits);
        s.setLeastSignificantBits(x.leastSignificantBits);
        msg.setStructured(s);
      } else if (k === 'streamName') msg.setStreamName(Buffer.from(v));
      else if (k === 'readDirection') msg.setReadDirection(RO.ReadDirection[v]);
      else if (k === 'deadline') msg.setDeadline(m.timestamp.Timestamp.fromDate(new Date(Date.now() + v.inMs)));
      else if (Array.isArray(v)) msg['set' + cap(k)](v.map((x) => (Sub ? encode(Sub, x) : x)));
      else if (Sub) msg['set' + cap(k)](encode(Sub, v));
      else if (v && typeof v === 'object') msg['set' + cap(k)](bytes(v));
      else msg['set' + cap(k)](v);
    }
    return msg;
  }

  // -------------------------------------------------------------- decoding: protobuf message -> readable JSON
  const enums = new Map([
    [S.ReadReq.Options, { readDirection: RO.ReadDirection }],
    [m.gossip.MemberInfo, { state: m.gossip.MemberInfo.VNodeState }],
  ]);
  const exact = (n) => (n === 2 ** 64 ? '18446744073709551615' : n === 2 ** 63 ? '9223372036854775807' : String(n)); // the stub has a JS number here
  const decodeBytes = (u8, name) => {
    const b = Buffer.from(u8);
    if (name === 'streamName') return b.toString();
    if (b.length > 256 && b.every((x) => x === b[0])) return { repeat: String.fromCharCode(b[0]), times: b.length };
    const t = b.toString('utf8');
    return Buffer.from(t).equals(b) && ![...t].some((c) => c < ' ' && !'\t\n\v\f\r'.includes(c))
      ? { utf8: t }
      : { base64: b.toString('base64') };
  };
  function decode(msg) {
    if (msg instanceof Sh.UUID) {
      if (msg.hasString()) return { string: msg.getString() };
      const s = msg.getStructured();
      return s ? { structured: fromStructured(s.getMostSignificantBits(), s.getLeastSignificantBits()) } : {};
    }
    if (msg instanceof m.any.Any) {
      const name = msg.getTypeName(),
        T = name.startsWith('event_store.client.') ? Sh[name.slice(19)] : undefined;
      return {
        typeUrl: msg.getTypeUrl(),
        value: T ? decode(T.deserializeBinary(msg.getValue_asU8())) : { base64: msg.getValue_asB64() },
      };
    }
    if (msg instanceof m.timestamp.Timestamp) return { time: msg.toDate().toISOString() };
    const out = {},
      p = Object.getPrototypeOf(msg);
    for (const g of Object.getOwnPropertyNames(p)) {
      if (!/^get[A-Z]/.test(g) || /(_asU8|_asB64)$/.test(g)) continue;
      const N = g.slice(3),
        name = N[0].toLowerCase() + N.slice(1);
      if (/Case$/.test(N) && !p['set' + N]) continue;
      if (p['has' + N] && !msg['has' + N]()) continue;
      if (/Map$/.test(N)) {
        const o = {};
        for (const [a, b] of [...msg[g]().entries()].sort(([a], [b]) => (a < b ? -1 : 1))) o[a] = b;
        out[name.slice(0, -3)] = o;
        continue;
      }
      if (p[g + '_asU8']) {
        out[name] = decodeBytes(msg[g + '_asU8'](), name);
        continue;
      }
      const v = msg[g](),
        en = [...enums].find(([T]) => msg instanceof T)?.[1]?.[name];
      out[name] = Array.isArray(v)
        ? v.map((x) => (x instanceof m.jspb.Message ? decode(x) : x))
        : v instanceof m.jspb.Message
          ? decode(v)
          : /2060$/.test(name)
            ? exact(v)
            : en
              ? (Object.keys(en).find((k) => en[k] === v) ?? v)
              : v;
    }
    return out;
  }
  return { encode, decode, rpcs };
}
