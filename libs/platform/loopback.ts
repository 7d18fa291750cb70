/**
 * Who may ask. Until accounts exist `npm start` answers only its own machine: it listens on loopback, and refuses requests
 * that a web page of another origin could make a browser send here (foreign `Origin`, or a foreign name that resolves to
 * loopback). A process behind a proxy answers to the names that its operator gave, with the same two refusals.
 */
import type { FastifyRequest } from 'fastify';
import { Problem } from '#platform/problem.js';

export const LOOPBACK = '127.0.0.1';
const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Throws 403 `FOREIGN_HOST` or `FOREIGN_ORIGIN` unless the request names this machine and this port. */
export function requireLoopback(request: FastifyRequest): void {
  const port = request.raw.socket.localPort;
  if (!namesLoopback(request.headers.host, port)) {
    throw new Problem(403, 'FOREIGN_HOST', {
      detail: `This system answers only to ${LOOPBACK_NAMES.join(', ')} with its port.`,
    });
  }
  const origin = request.headers.origin;
  if (origin !== undefined && !(origin.startsWith('http://') && namesLoopback(origin.slice('http://'.length), port))) {
    throw new Problem(403, 'FOREIGN_ORIGIN', { detail: 'Pages of other origins may not use this system.' });
  }
}

/**
 * For a process that others reach through a proxy, which passes on the `Host` that it was asked by. Throws 403 `FOREIGN_HOST`
 * unless the request names loopback or one of `hosts` (`name`, or `name:port` for that port only), and 403 `FOREIGN_ORIGIN`
 * for a page from any other address than the one that was asked. Ports are the proxy's: the own one says nothing.
 */
export function requireNamed(request: Pick<FastifyRequest, 'headers'>, hosts: readonly string[]): void {
  const { host = '', origin } = request.headers;
  const asked = host.toLowerCase();
  const name = asked.replace(/:\d{1,5}$/, '');
  if (![...LOOPBACK_NAMES, ...hosts].some((allowed) => allowed === name || allowed === asked)) {
    throw new Problem(403, 'FOREIGN_HOST', {
      detail: `This system answers to ${[...hosts, ...LOOPBACK_NAMES].join(', ')}. PUBLIC_HOSTS says which names it has.`,
    });
  }
  if (origin !== undefined && !isOrigin(origin, asked)) {
    throw new Problem(403, 'FOREIGN_ORIGIN', { detail: 'Pages of other origins may not use this system.' });
  }
}

/** Whether a page of that origin comes from the address that was asked; only the proxy knows whether by http or https. */
function isOrigin(origin: string, asked: string): boolean {
  const [, scheme, authority] = /^(https?):\/\/([^/]+)$/.exec(origin.toLowerCase()) ?? [];
  const standard = scheme === 'https' ? ':443' : ':80';
  const bare = (address: string): string => (address.endsWith(standard) ? address.slice(0, -standard.length) : address);
  return authority !== undefined && bare(authority) === bare(asked);
}

/** `port` is unknown for requests that are injected without a socket: then any port will do. */
function namesLoopback(host: string | undefined, port: number | undefined): boolean {
  const [, name, digits] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(host ?? '') ?? [];
  if (name === undefined || !LOOPBACK_NAMES.includes(name.toLowerCase())) return false;
  return port === undefined || Number(digits ?? 80) === port;
}
