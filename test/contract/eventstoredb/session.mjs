/** One scenario run against one server: its calls, and the names, ids and positions that are new in every run. */
import { Buffer } from 'node:buffer';
import { randomBytes, randomUUID } from 'node:crypto';
import { clearTimeout, setTimeout } from 'node:timers';
import { codec } from './codec.mjs';

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const DROP = new Set([
  'content-type',
  'date',
  'server',
  'content-length',
  'grpc-status',
  'grpc-message',
  'grpc-accept-encoding',
  'grpc-encoding',
  'transfer-encoding',
  'alt-svc',
  'grpc-status-details-bin',
]);
const POSITION = new Set(['commitPosition', 'preparePosition']);

export class Session {
  constructor(m, address, scenario, timeout = 4000) {
    Object.assign(this, {
      m,
      address,
      timeout,
      misses: 0,
      calls: new Map(),
      names: new Map(),
      ids: new Map(),
      serverIds: 0,
      known: new Map(),
    });
    this.codec = codec(m);
    this.run = 'r' + randomBytes(4).toString('hex');
    this.tag = scenario.slice(0, 2);
    this.name('<prefix>');
    this.name('<type-prefix>');
    this.connect();
  }
  connect() {
    this.client = new this.m.grpc.Client(this.address, this.m.grpc.credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.initial_reconnect_backoff_ms': 100,
    });
  }
  reachable() {
    return new Promise((r) => this.client.waitForReady(Date.now() + 3000, (e) => r(!e)));
  }
  /** After a restart: a new connection, usable when a read of $all is answered with OK. */
  async reconnect(tries = 100) {
    this.old = this.client;
    for (let i = 0; i < tries; i++) {
      this.connect();
      const c = this.open('ready', '/event_store.client.streams.Streams/Read');
      this.send('ready', {
        options: { all: { end: {} }, readDirection: 1, count: '1', noFilter: {}, uuidOption: { string: {} } },
      });
      this.end('ready');
      for (let x; (x = await this.next('ready', 2000));)
        if (x.status) {
          this.calls.delete('ready');
          if (x.status.code === 0) return;
          break;
        }
      c.call.cancel();
      this.client.close();
      await sleep(200);
    }
    throw new Error('server not ready after restart');
  }
  close() {
    for (const c of this.calls.values()) if (!c.done) c.call.cancel();
    this.client.close();
    this.old?.close();
  }

  // names: a placeholder stands for a name or id that is new in every run
  name(ph) {
    if (!this.names.has(ph)) {
      const [, kind, x = ''] = /^<([a-z-]+):?([a-z0-9]*)>$/.exec(ph);
      this.names.set(
        ph,
        kind === 'stream' || kind === 'prefix' ? `${this.run}s${this.tag}-${x}` : `${this.run}t${this.tag}-${x}`,
      );
    }
    return this.names.get(ph);
  }
  id(ph) {
    if (!this.ids.has(ph)) this.ids.set(ph, randomUUID());
    return this.ids.get(ph);
  }
  fill(v, key) {
    if (typeof v === 'string')
      return v
        .replace(/<(stream|type):[a-z0-9]+>|<prefix>|<type-prefix>/g, (x) => this.name(x))
        .replace(/<ID:(\d+)>/g, (_, n) => this.id(`<id:${n}>`).toUpperCase())
        .replace(/<id:\d+>/g, (x) => this.id(x));
    if (Array.isArray(v)) return v.map((x) => this.fill(x));
    if (v && typeof v === 'object') {
      if (POSITION.has(key))
        return (
          BigInt(
            this.known.get(String(BigInt(v.value) - BigInt(v.plus ?? 0))) ?? BigInt(v.value) - BigInt(v.plus ?? 0),
          ) + BigInt(v.plus ?? 0)
        ).toString();
      return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, this.fill(x, k)]));
    }
    return v;
  }
  text(s) {
    for (const [ph, n] of [...this.names].sort((a, b) => b[1].length - a[1].length)) s = s.replaceAll(n, ph);
    s = s.replace(UUID, (u) => {
      for (const [ph, x] of this.ids) {
        if (x === u) return ph;
        if (x.toUpperCase() === u) return ph.toUpperCase();
      }
      if (/^0{8}-/.test(u)) return u;
      const ph = `<id:s${++this.serverIds}>`;
      this.ids.set(ph, u);
      return ph;
    });
    return s.replaceAll(this.address, '<address>');
  }
  norm(v, key, inMap) {
    if (typeof v === 'string') {
      if (POSITION.has(key)) return { value: v };
      if (key === 'created' && inMap && /^\d+$/.test(v) && Math.abs(Number(v) / 1e4 - Date.now()) < 36e5)
        return '<time>';
      if (key === 'timeStamp' && /^\d+$/.test(v)) return '<time>';
      if (key === 'address') return '<address>';
      return this.text(v);
    }
    if (Array.isArray(v)) return v.map((x) => this.norm(x));
    if (v && typeof v === 'object')
      return Object.fromEntries(Object.entries(v).map(([k, x]) => [this.text(k), this.norm(x, k, key === 'metadata')]));
    if (key === 'port') return '<port>';
    return v;
  }

  // calls
  open(id, rpc, metadata = {}, options = {}) {
    const [Req, Resp] = this.codec.rpcs[rpc] ?? [this.m.shared.Empty, this.m.shared.Empty];
    const md = new this.m.grpc.Metadata();
    for (const [k, v] of Object.entries(metadata)) md.set(k, this.fill(v));
    const c = { Req, queue: [], waiters: [], done: false, skipForeign: !!options.skipForeign };
    c.call = this.client.makeBidiStreamRequest(
      rpc,
      (x) => (x.serializeBinary ? Buffer.from(x.serializeBinary()) : x),
      (b) => Resp.deserializeBinary(b),
      md,
      options.deadlineMs ? { deadline: Date.now() + options.deadlineMs } : {},
    );
    const put = (x) => {
      const w = c.waiters.shift();
      if (w) w(x);
      else c.queue.push(x);
    };
    c.call.on('metadata', (h) => {
      c.headers = this.headers(h);
    });
    c.call.on('data', (x) => {
      const d = this.codec.decode(x);
      if (!(c.skipForeign && this.foreign(d))) put({ message: d });
    });
    c.call.on('error', () => {});
    c.call.on('status', (s) =>
      setTimeout(() => {
        c.done = true;
        put({
          status: { code: s.code, name: this.m.grpc.status[s.code], details: s.details },
          trailers: this.headers(s.metadata),
        });
      }, 20),
    );
    this.calls.set(id, c);
    return c;
  }
  headers(md) {
    const o = {};
    for (const [k, v] of Object.entries(md.getMap())) if (!DROP.has(k)) o[k] = String(v);
    return o;
  }
  foreign(d) {
    const n = (d.event?.event ?? d.event?.link)?.streamIdentifier?.streamName;
    return n !== undefined && !n.includes(this.run);
  }
  send(id, message) {
    const c = this.calls.get(id);
    c.call.write(this.codec.encode(c.Req, this.fill(message)));
  }
  end(id) {
    this.calls.get(id).call.end();
  }
  cancel(id) {
    this.calls.get(id).call.cancel();
  }
  /** Next message or status of a call, decoded and normalised; undefined when nothing comes in time. */
  async next(id, ms) {
    const c = this.calls.get(id);
    let x = c.queue.shift();
    if (!x) {
      let w;
      const got = new Promise((r) => {
        w = r;
        c.waiters.push(r);
      });
      let timer;
      const late = new Promise((r) => {
        timer = setTimeout(r, ms ?? (c.slow ? Math.min(250, this.timeout) : this.timeout));
      });
      x = await Promise.race([got, late]);
      clearTimeout(timer);
      if (!x) {
        c.waiters = c.waiters.filter((y) => y !== w);
        if (ms === undefined) {
          c.slow = true;
          if (++this.misses > 2) this.timeout = 300;
        }
        return undefined;
      }
    }
    if (x.message) return { raw: x.message, message: this.norm(x.message) };
    return {
      raw: x,
      status: { ...x.status, details: x.status.code === 0 ? '' : this.text(x.status.details) },
      trailers: this.norm(x.trailers),
    };
  }
}
