/**
 * The one way to make an HTTP application of the product: Fastify under Nest, hardened alike everywhere. What a request
 * meets, in order: correlation id, loopback check, security headers, body reading, DTO validation, controller; whatever
 * is thrown on the way leaves as problem+json.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import helmet from '@fastify/helmet';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import type { Registry } from 'prom-client';
import { serveHealth, type HealthChecks } from '#platform/health.js';
import { nestLogger, type Logger } from '#platform/logging.js';
import { LOOPBACK, requireLoopback, requireNamed } from '#platform/loopback.js';
import { healthMetrics, measureRequests, serveMetrics } from '#platform/metrics.js';
import { DOCS_PATH, OPENAPI_PATH, serveOpenApi } from '#platform/openapi.js';
import { answerWithProblem, ProblemFilter } from '#platform/problem-filter.js';
import { MAX_JSON_BYTES, readBodies } from '#platform/request-body.js';
import { RequestPipe } from '#platform/request-faults.js';
import { traceOf } from '#platform/trace.js';

export interface HttpOptions {
  readonly logger: Logger;
  readonly health: HealthChecks;
  readonly metrics: Registry;
  /**
   * Names by which a proxy passes requests on, besides loopback. Without it only this machine is answered. With it
   * `/livez`, `/readyz` and `/metrics` answer under any name: who watches asks by the address of the process.
   */
  readonly publicHosts?: readonly string[];
  /** Asked before every request but those of operation; what it throws is the answer. */
  readonly gate?: () => void;
  /** The description that is served in place of this application's own: that of the whole system it is a part of. */
  readonly document?: OpenAPIObject;
}

/** Creates the application, complete but not listening. */
export async function createHttpApp(
  module: Type | DynamicModule,
  options: HttpOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'correlationId' }),
    childLoggerFactory: withTrace,
    genReqId: correlationId,
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: 120_000,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    frameworkErrors: answerWithProblem,
    multipart: false,
  });
  const server = adapter.getInstance<FastifyInstance>();
  await harden(server, options);
  await readBodies(server);
  measureRequests(server, options.metrics);
  const onError = (error: unknown): void => options.logger.error({ err: error }, 'metrics');
  healthMetrics({ registry: options.metrics, onError }, options.health);
  await server.register(async (operations) => {
    // In a scope of its own: Nest's error handler, which calls the filter below, comes too late for these routes.
    operations.setErrorHandler(answerWithProblem);
    serveMetrics(operations, options.metrics);
    serveHealth(operations, options.health);
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLogger(options.logger),
  });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(new RequestPipe());
  serveOpenApi(app, options.document);
  return app;
}

/** The port asked for is in use. `message` says which and what to do. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  constructor(
    readonly port: number,
    command = 'npm start',
  ) {
    const other = port < 65_535 ? port + 1 : 3000;
    super(`Port ${port} is taken by another program. Choose another one: ${`PORT=${other} ${command}`.trim()}`);
  }
}

/** Throws `PortTaken` when something listens there already. Port 0 is always free. */
export async function requireFreePort(port: number): Promise<void> {
  const probe = createServer();
  try {
    probe.listen({ host: LOOPBACK, port });
    await once(probe, 'listening');
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? new PortTaken(port) : error;
  } finally {
    probe.close();
  }
}

/** Listens on loopback, and nowhere else until accounts exist. Returns the address; throws `PortTaken`. */
export const listenOnLoopback = (app: NestFastifyApplication, port: number): Promise<string> =>
  listen(app, { host: LOOPBACK, port, command: 'npm start' });

/** Listens where a process of a distributed system was told to. Returns the address; throws `PortTaken`. */
export async function listen(
  app: NestFastifyApplication,
  { host, port, command = '' }: { readonly host: string; readonly port: number; readonly command?: string },
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTaken(port, command);
    throw error;
  }
  const address = app.getHttpServer().address();
  return `http://${host.includes(':') ? `[${host}]` : host}:${typeof address === 'object' && address ? address.port : port}`;
}

/** A caller's own id is taken over when it is harmless in a log. */
function correlationId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

/** Every log line of a request names its trace beside its correlation id. */
const withTrace: NonNullable<FastifyServerOptions['childLoggerFactory']> = (logger, bindings, options, request) => {
  const { traceId, spanId } = traceOf(request);
  return logger.child({ ...bindings, traceId, spanId }, options);
};

const POLICY =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; object-src 'none'";
/** The documentation page has a style element of its own; nothing else may. */
const DOCS_POLICY = `${POLICY}; style-src 'self' 'unsafe-inline'`;

/** Addresses for whoever watches the process. They say nothing of any budget. */
const OPERATION: readonly string[] = ['/livez', '/readyz', '/metrics'];

async function harden(
  server: FastifyInstance,
  { publicHosts, gate }: Pick<HttpOptions, 'publicHosts' | 'gate'>,
): Promise<void> {
  server.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('x-correlation-id', request.id);
    reply.header('content-security-policy', request.url.startsWith(DOCS_PATH) ? DOCS_POLICY : POLICY);
    const operates = OPERATION.includes(request.routeOptions.url ?? '');
    if (publicHosts === undefined) requireLoopback(request);
    else if (!operates) requireNamed(request, publicHosts);
    if (!operates && !request.url.startsWith(DOCS_PATH) && request.url !== OPENAPI_PATH) gate?.();
  });
  // HSTS would be wrong on loopback, which has no TLS.
  await server.register(helmet, { global: true, contentSecurityPolicy: false, strictTransportSecurity: false });
}
