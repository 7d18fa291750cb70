/** Ledger, query and relay as processes of the operating system: what they refuse to start with, and that they stop when told to. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { startStandIn, type StandIn } from '../support/eventstoredb/stand-in.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

let standIn: StandIn;
let database: TestDatabase;
beforeAll(async () => {
  standIn = await startStandIn();
  database = await createDatabase();
});
afterAll(async () => {
  await standIn.stop();
  await database.drop();
});

/** Compiled, as everything that is started as a process; `npm test` has seen to that. */
function launch(app: string, environment: Readonly<Record<string, string>>) {
  const none = { DATABASE_URL: '', EVENTSTORE_URL: '', KAFKA_BROKERS: '', LISTEN_HOST: '', PUBLIC_HOSTS: '' };
  const child = spawn(process.execPath, [`dist/apps/${app}/main.js`], {
    env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'info', PORT: '0', ...none, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const reading = createInterface(child.stderr);
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, said: lines.join('\n') }));
  const address = new Promise<string>((resolve, reject) => {
    reading.on('line', (line) => {
      lines.push(line);
      const found = /"address":"([^"]+)"/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(({ said }) => reject(new Error(`it ended: ${said}`)));
  });
  address.catch(() => undefined);
  return { child, ended, address };
}

const needed = () => ({ DATABASE_URL: database.url, EVENTSTORE_URL: standIn.url });

describe.each([
  ['ledger', ['DATABASE_URL', 'EVENTSTORE_URL', 'KAFKA_BROKERS']],
  ['query', ['DATABASE_URL', 'EVENTSTORE_URL']],
  ['relay', ['DATABASE_URL', 'EVENTSTORE_URL', 'KAFKA_BROKERS']],
])('%s', (app, variables) => {
  // Nobody listens there: the ledger serves all but the treasury's notices, the relay only tells that it waits.
  const environment = () => ({ ...needed(), KAFKA_BROKERS: '127.0.0.1:1' });

  it('names all that is missing or wrong in its environment, and ends with 2', async () => {
    const { code, said } = await launch(app, { PORT: 'x' }).ended;
    expect(code).toBe(2);
    expect(said.split('\n')).toEqual([
      'The configuration is not usable:',
      expect.stringMatching(/^ {2}PORT=x: /),
      ...variables.map((variable) => expect.stringMatching(new RegExp(`^ {2}${variable} is not set: give `))),
    ]);
  });

  it('serves, and ends with 0 when it is told to stop', async () => {
    const { child, ended, address } = launch(app, environment());
    expect((await fetch(`${await address}/livez`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  });

  it('says that its port is taken, and ends with 2', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, said } = await launch(app, { ...environment(), PORT: String(port) }).ended;
    taken.close();
    expect([code, said]).toEqual([2, expect.stringContaining(`Port ${port} is taken`)]);
  });
});

it('npm start answers its own machine only', async () => {
  const { code, said } = await launch('standalone', { LISTEN_HOST: '0.0.0.0' }).ended;
  expect([code, said]).toEqual([
    2,
    expect.stringContaining('LISTEN_HOST=0.0.0.0: npm start answers its own machine only'),
  ]);
});
