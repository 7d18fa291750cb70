/** Prometheus metrics of one process: Node's own, HTTP durations by route, and whatever else the apps register. */
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** A registry of its own, never prom-client's global one: tests run many apps in one process. */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Measures every request. Unmatched addresses share one label, so that nobody can grow the set. */
export function measureRequests(server: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last byte of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const open = new Gauge({
    name: 'http_requests_open',
    help: 'Requests that are being answered; of live streams, those who listen',
    labelNames: ['method', 'route'],
    registers: [registry],
  });
  server.addHook('onRequest', (request, reply, done) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'unmatched' };
    open.inc(labels);
    // Comes also when the caller hangs up before the answer is complete, which a hook on the response does not.
    reply.raw.once('close', () => open.dec(labels));
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    durations.observe(
      { method: request.method, route: request.routeOptions.url ?? 'unmatched', status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
    done();
  });
}

/** `GET /metrics` in the text format of Prometheus. */
export function serveMetrics(server: FastifyInstance, registry: Registry): void {
  server.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
