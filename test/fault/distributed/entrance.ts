/**
 * The single entry of a distributed system, as its reverse proxy: sends each request to the process that `deploy/routes.json`
 * names. Processes come and go; one that cannot be reached costs its callers the answer (502), as it would behind any proxy.
 */
import { readFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly process: string;
}

export interface Entrance {
  readonly address: string;
  close(): void;
}

/** `addresses`: of the processes of a kind that can be asked now. They are asked in turn. */
export async function openEntrance(addresses: (process: string) => readonly string[]): Promise<Entrance> {
  const { routes } = JSON.parse(readFileSync(join('deploy', 'routes.json'), 'utf8')) as { routes: readonly Route[] };
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const route = routes.find((one) => fits(one, incoming));
    const candidates = addresses(route?.process ?? '');
    const address = candidates[(turn += 1) % candidates.length];
    if (address === undefined) return noAnswer(outgoing);
    pass(incoming, outgoing, address);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function fits({ method, path }: Route, { method: asked, url = '' }: IncomingMessage): boolean {
  if (method !== '*' && method !== asked) return false;
  const wanted = path.split('/');
  const given = url.split('?')[0]!.split('/');
  const isSame = (part: string, at: number): boolean => part.startsWith(':') || part === given[at];
  return wanted.at(-1) === '*'
    ? wanted.slice(0, -1).every(isSame)
    : wanted.length === given.length && wanted.every(isSame);
}

/** Bodies go through as they come, and an end of either side is the end of the other. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse, address: string): void {
  const { host, port } = new URL(address);
  const onward = request({
    host: '127.0.0.1',
    port,
    method: incoming.method,
    path: incoming.url,
    headers: { ...incoming.headers, host },
  });
  onward.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
    answer.on('error', () => outgoing.destroy());
  });
  onward.on('error', () => noAnswer(outgoing));
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

function noAnswer(outgoing: ServerResponse): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(502).end('no answer from the process behind');
}
