/** For specs: a system that answers as it is told, and a terminal that keeps what was written. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpenMessaging } from './feed.js';
import { run } from './run.js';
import type { Terminal } from './terminal.js';

export interface Asked {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** `body` is sent as JSON, as problem+json from status 400 on; `text` as it is. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
  readonly type?: string;
}

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface StandIn {
  readonly url: string;
  /** All that was asked so far. */
  readonly asked: Asked[];
  readonly close: () => Promise<void>;
  /** Runs the command line against it. `answer` is what a person at the terminal says to a question. */
  readonly budget: (argv: readonly string[], person?: { answer: boolean }) => Promise<Said>;
}

/** Answers by `METHOD /path` without the query; the last of several answers is repeated. Else 404. */
export async function standIn(answers: Readonly<Record<string, Answer | readonly Answer[]>>): Promise<StandIn> {
  const asked: Asked[] = [];
  const given = new Map<string, number>();
  const server = createServer((request, response) => void reply(request, response));
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    asked.push({ method, path, headers, body: Buffer.concat(chunks).toString('utf8') });
    const key = `${method} ${path.split('?')[0]}`;
    const list = [answers[key] ?? problem(404, 'NOT_FOUND', `nothing at ${key}`)].flat();
    const turn = given.get(key) ?? 0;
    given.set(key, turn + 1);
    const { status = 200, headers: more = {}, body, text, type } = list[Math.min(turn, list.length - 1)] ?? {};
    const json = status >= 400 ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8';
    response.writeHead(status, { 'content-type': type ?? json, ...more });
    response.end(text ?? JSON.stringify(body));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
    budget: (argv, person) => budgetAt(url, argv, person),
  };
}

export async function budgetAt(
  url: string,
  argv: readonly string[],
  person?: { answer: boolean },
  messaging?: OpenMessaging,
): Promise<Said> {
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    colours: false,
    redraws: false,
    interactive: person !== undefined,
    out: async (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString('utf8')),
    err: (text) => void (err += text),
    progress: () => undefined,
    confirm: async (question) => {
      err += `${question}\n`;
      return person?.answer ?? false;
    },
    onInterrupt: () => () => undefined,
  };
  const code = await run(argv, terminal, () => url, messaging);
  return { code, out, err };
}

export const problem = (status: number, code: string, detail: string, more: object = {}): Answer => ({
  status,
  body: { type: `urn:budget-ledger:problem:${code}`, title: code, status, code, detail, ...more },
});
