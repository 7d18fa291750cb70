/** For specs: requests to a system that listens, and what it answers. */

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Bodies are looked at member by member; a spec that reads a wrong one fails there.
  readonly body: any;
}

export interface Sent {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asking {
  readonly address: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Sends JSON with a key of its own unless one is given. */
  send(method: 'POST' | 'PUT', path: string, body: unknown, sent?: Sent): Promise<Answer>;
}

let keys = 0;

export function askingAt(address: string): Asking {
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const answer = await fetch(`${address}${path}`, init);
    const text = await answer.text();
    const json = /[/+]json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, body: json && text !== '' ? JSON.parse(text) : text };
  };
  return {
    address,
    get: (path, headers = {}) => ask(path, { headers }),
    send: (method, path, body, sent = {}) =>
      ask(path, {
        method,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': sent.key ?? `spec-${(keys += 1)}`,
          ...sent.headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}
