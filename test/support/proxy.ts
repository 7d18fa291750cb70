/** For specs: the single entry of a distributed system, which follows `deploy/routes.json` as the real proxy does. */
import { readFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly process: string;
}

const { routes } = JSON.parse(readFileSync('deploy/routes.json', 'utf8')) as { routes: readonly Route[] };

const PATTERNS = routes.map(({ method, path, process }) => ({
  fits: (asked: string) => method === '*' || method === asked,
  pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+').replace(/\*$/, '.*')}/?$`),
  process,
}));

/** Name of the process that answers; a path without its query. The table has a row for everything. */
export function processFor(method: string, path: string): string {
  const found = PATTERNS.find(({ fits, pattern }) => fits(method) && pattern.test(path));
  if (found === undefined) throw new Error(`no process is named for ${method} ${path}`);
  return found.process;
}

export interface Proxy {
  readonly address: string;
  stop(): Promise<void>;
}

/** `processes`: addresses of those that run now, by name; asked in turn. */
export async function startProxy(processes: Readonly<Record<string, () => readonly string[]>>): Promise<Proxy> {
  const turns = new Map<string, number>();
  const nextOf = (name: string): string | undefined => {
    const addresses = processes[name]?.() ?? [];
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    return addresses[turn % addresses.length];
  };
  // Longer than any process behind it promises its callers: a connection must not end while one is sending on it.
  const server = createServer({ keepAliveTimeout: 600_000 }, (incoming, outgoing) => {
    const path = (incoming.url ?? '/').replace(/\?.*$/, '');
    const to = nextOf(processFor(incoming.method ?? 'GET', path));
    if (to === undefined) fail(outgoing, `nobody answers ${incoming.method} ${path}`);
    else forward(incoming, outgoing, to);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Everything as it came, the name that was asked included; nothing is gathered, so a live stream flows. */
function forward(incoming: IncomingMessage, outgoing: ServerResponse, to: string): void {
  const { method, url, headers } = incoming;
  const asked = request(`${to}${url}`, { method, headers, agent: false });
  asked.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    outgoing.flushHeaders();
    answer.on('error', () => outgoing.destroy());
    answer.pipe(outgoing);
  });
  asked.on('error', (error) => fail(outgoing, error.message));
  outgoing.on('close', () => asked.destroy());
  incoming.pipe(asked);
}

function fail(outgoing: ServerResponse, detail: string): void {
  if (outgoing.headersSent) outgoing.destroy();
  else
    outgoing
      .writeHead(502, { 'content-type': 'application/problem+json' })
      .end(JSON.stringify({ status: 502, detail }));
}
