/**
 * Until accounts exist the product answers only its own machine: it listens on loopback, and refuses requests that a web
 * page of another origin could make a browser send here (foreign `Origin`, or a foreign name that resolves to loopback).
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

/** `port` is unknown for requests that are injected without a socket: then any port will do. */
function namesLoopback(host: string | undefined, port: number | undefined): boolean {
  const [, name, digits] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(host ?? '') ?? [];
  if (name === undefined || !LOOPBACK_NAMES.includes(name.toLowerCase())) return false;
  return port === undefined || Number(digits ?? 80) === port;
}
