/** The Compose files: valid, without secrets, closed to the outside, and fitting the code that they start. */
import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { readConfig } from '#platform/config.js';
import { readCompose, readYaml, VariableMissing, type Service } from './compose-file.js';

const ONE = 'docker-compose.yml';
const THREE = 'deploy/compose.cluster.yml';
const GIVEN = { POSTGRES_PASSWORD: 'given-by-the-operator', KAFKA_CLUSTER_ID: 'ledgertestsledgertests' };
const one = readCompose([ONE], GIVEN);
const three = readCompose([ONE, THREE], GIVEN);
const both = [one, three] as const;

const services = (file: typeof one): [string, Service][] => Object.entries(file.services);
const isOurs = ([, { image }]: [string, Service]): boolean => image!.startsWith('budget-ledger:');
const runsOnce = ({ restart }: Service): boolean => restart === 'no';
/** Names of those services for which the condition does not hold. */
const without = (file: typeof one, holds: (service: Service, name: string) => boolean): string[] =>
  services(file).flatMap(([name, service]) => (holds(service, name) ? [] : [name]));

describe('the form', () => {
  const schema = JSON.parse(readFileSync('node_modules/dclint/schemas/compose.schema.json', 'utf8')) as object;
  // The schema speaks the older dialect under an address that Ajv does not know with https.
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile({
    ...schema,
    $schema: 'http://json-schema.org/draft-07/schema#',
  });

  it.each([
    ['one node', one],
    ['three nodes', three],
    ['the second file by itself', readCompose([THREE], GIVEN)],
  ])('is that of the Compose specification: %s', (_what, file) => {
    validate(file);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('is one that can fail', () => {
    expect(validate({ services: { ledger: { imagee: 'x' } } })).toBe(false);
    expect(validate({ services: { ledger: { image: 'x', deploy: { replica: 2 } } } })).toBe(false);
  });
});

describe('variables', () => {
  const text = readFileSync(ONE, 'utf8') + readFileSync(THREE, 'utf8');

  it('without a default say what to do when they are missing', () => {
    for (const variable of Object.keys(GIVEN)) {
      const others = Object.fromEntries(Object.entries(GIVEN).filter(([name]) => name !== variable));
      const missing = catchFrom(() => readCompose([ONE, THREE], others)) as VariableMissing;
      expect(missing).toBeInstanceOf(VariableMissing);
      expect(missing.variable).toBe(variable);
      expect(missing.told).toContain('deploy/secrets.sh');
    }
  });

  it('hold every secret: no password stands in a file', () => {
    const secret = /^\s*\w*(PASSWORD|SECRET|TOKEN)\w*:\s+(?!\$\{[A-Z_]+:\?)\S+/gm;
    expect(text.match(secret) ?? []).toEqual([]);
    expect(text.match(/:\/\/[^\s/:@]+:(?!\$\{[A-Z_]+:\?)[^\s@]+@/g) ?? []).toEqual([]);
  });

  it('are all written by secrets.sh, at random, once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'budget-secrets-'));
    const run = (name: string): string => {
      const script = join(folder, name, 'deploy/secrets.sh');
      if (!existsSync(script)) {
        mkdirSync(join(folder, name, 'deploy'), { recursive: true });
        cpSync('deploy/secrets.sh', script);
      }
      execFileSync('sh', [script]);
      return readFileSync(join(folder, name, '.env'), 'utf8');
    };
    try {
      const first = run('a');
      expect(run('a')).toBe(first);
      const values = Object.fromEntries(
        first
          .trim()
          .split('\n')
          .map((line) => line.split(/=(.*)/s).slice(0, 2)),
      );
      expect(() => readCompose([ONE, THREE], values)).not.toThrow();
      expect(values['POSTGRES_PASSWORD']).toMatch(/^[0-9a-f]{48}$/);
      expect(values['KAFKA_CLUSTER_ID']).toMatch(/^[\w-]{22}$/);
      expect(statSync(join(folder, 'a/.env')).mode & 0o777).toBe(0o600);
      const other = run('b');
      for (const value of Object.values(values)) expect(other).not.toContain(value);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(readFileSync('.gitignore', 'utf8')).toMatch(/^\.env$/m);
  });
});

describe.each([
  ['one node', one],
  ['three nodes', three],
])('every container of %s', (_what, file) => {
  it('is confined', () => {
    expect(without(file, ({ read_only }) => read_only === true)).toEqual([]);
    expect(without(file, ({ cap_drop, cap_add }) => String(cap_drop) === 'ALL' && cap_add === undefined)).toEqual([]);
    expect(without(file, ({ security_opt }) => String(security_opt) === 'no-new-privileges:true')).toEqual([]);
    expect(without(file, ({ user }) => /^[1-9]\d*:[1-9]\d*$/.test(String(user)))).toEqual([]);
    expect(
      without(file, ({ privileged, pid, ipc, network_mode }) => !privileged && !pid && !ipc && !network_mode),
    ).toEqual([]);
  });

  it('has limits, a bounded log and a policy of restarts', () => {
    const limited = ({ deploy }: Service): boolean => {
      const { cpus, memory, pids } = deploy?.resources?.limits ?? {};
      return Number(cpus) > 0 && /^\d+[MG]$/.test(memory) && Number.isInteger(pids);
    };
    // `budget` is run by hand, and ends.
    expect(without(file, (service, name) => name === 'budget' || limited(service))).toEqual([]);
    expect(without(file, ({ logging }) => logging?.options?.['max-size'] !== undefined)).toEqual([]);
    expect(without(file, ({ restart }) => restart === 'unless-stopped' || restart === 'no')).toEqual([]);
  });

  it('is an image of a version', () => {
    expect(without(file, ({ image }) => /:v?\d+\.\d+(\.\d+)?[\w.-]*$/.test(image!))).toEqual([]);
    expect(without(file, (service) => !isOurs(['', service]) || service['pull_policy'] !== undefined)).toEqual([]);
  });

  it('tells its health, unless it runs once', () => {
    expect(without(file, (service) => runsOnce(service) || (service.healthcheck?.test?.length ?? 0) > 1)).toEqual([]);
  });

  it('waits only for what can come', () => {
    const faults = services(file).flatMap(([name, { depends_on = {} }]) =>
      Object.entries(depends_on).flatMap(([other, { condition }]) => {
        const target = file.services[other];
        const fits =
          target &&
          (condition === 'service_healthy'
            ? target.healthcheck?.test !== undefined
            : condition === 'service_completed_successfully' && runsOnce(target));
        return fits ? [] : [`${name} waits for ${other}: ${condition}`];
      }),
    );
    expect(faults).toEqual([]);
    expect(startOrder(file)).toHaveLength(services(file).length);
  });

  it('uses volumes that are declared, each by one service, and files that are there', () => {
    const mounts = services(file).flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')));
    const named = mounts.flatMap(([source]) => (source!.startsWith('.') ? [] : [source!]));
    expect(named.sort()).toEqual(Object.keys(file.volumes).sort());
    const files = mounts.filter(([source]) => source!.startsWith('.'));
    expect(files.filter(([source, , mode]) => !existsSync(source!) || mode !== 'ro')).toEqual([]);
  });
});

describe('the outside', () => {
  it('reaches the proxy only, and only from this machine', () => {
    for (const file of both) {
      const published = services(file).flatMap(([name, { ports = [] }]) =>
        ports.map((port: string) => `${name} ${port}`),
      );
      expect(published).toEqual(['proxy 127.0.0.1:3000:8080']);
      expect(without(file, ({ networks }, name) => (name === 'proxy') === 'entry' in networks!)).toEqual([]);
      expect(file.networks['inside']).toEqual({ internal: true });
    }
  });
});

describe('the processes', () => {
  it('get settings that they can read', () => {
    for (const file of both) {
      for (const [name, { environment = {} }] of services(file).filter(isOurs)) {
        expect([name, catchFrom(() => readConfig(environment))]).toEqual([name, undefined]);
      }
    }
  });

  it('are reached by names that exist', () => {
    for (const file of both) {
      const names = services(file).flatMap(([name, { networks }]) => [
        name,
        ...Object.values(networks ?? {}).flatMap((network) => network.aliases ?? []),
      ]);
      for (const [, { environment = {} }] of services(file).filter(isOurs)) {
        const addresses = ['DATABASE_URL', 'EVENTSTORE_URL', 'BUDGET_URL'].flatMap((key) => environment[key] ?? []);
        const hosts = [
          ...addresses.map((address) => new URL(address).hostname),
          ...environment['KAFKA_BROKERS']!.split(',').map((broker) => broker.split(':')[0]!),
        ];
        expect(hosts.filter((host) => !names.includes(host))).toEqual([]);
      }
    }
  });

  it('are as many as it takes to lose one', () => {
    const replicas = (file: typeof one, name: string): number => file.services[name]!['deploy']?.replicas ?? 1;
    expect(replicas(one, 'relay')).toBe(2);
    for (const name of ['ledger', 'relay', 'projector', 'query']) expect(replicas(three, name)).toBe(2);
  });
});

describe('three nodes', () => {
  const nodesOf = (name: string): [string, Service][] =>
    services(three).filter(([each]) => each === name || each.startsWith(`${name}-`));

  /** What must differ from node to node. All else is equal. */
  const OWN = {
    eventstore: (node: string, others: readonly string[]) => ({
      EVENTSTORE_NODE_HOST_ADVERTISE_AS: node,
      EVENTSTORE_REPLICATION_HOST_ADVERTISE_AS: node,
      EVENTSTORE_GOSSIP_SEED: others.map((other) => `${other}:2113`).join(','),
    }),
    kafka: (node: string) => ({
      KAFKA_NODE_ID: node === 'kafka' ? '1' : node.slice(-1),
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${node}:9092`,
    }),
  };

  it.each(['eventstore', 'kafka'] as const)('of %s differ by their names only', (name) => {
    const names = nodesOf(name).map(([node]) => node);
    expect(names).toEqual([name, `${name}-2`, `${name}-3`]);
    const shared = nodesOf(name).map(([node, { environment = {}, volumes = [], ...rest }]) => {
      const others = names.filter((other) => other !== node);
      const own = OWN[name](node, others);
      expect(environment).toMatchObject(own);
      const settings = Object.entries(environment).filter(([key]) => !(key in own));
      expect(volumes.every((volume) => new RegExp(`^${node}-(data|log):`).test(volume))).toBe(true);
      return { ...rest, settings: Object.fromEntries(settings), mounts: volumes.map((volume) => volume.split(':')[1]) };
    });
    expect(shared[1]).toEqual(shared[0]);
    expect(shared[2]).toEqual(shared[0]);
  });

  it('of Kafka keep an event when one is lost, and know each other', () => {
    for (const [node, { environment = {} }] of nodesOf('kafka')) {
      expect(environment).toMatchObject({
        KAFKA_DEFAULT_REPLICATION_FACTOR: '3',
        KAFKA_MIN_INSYNC_REPLICAS: '2',
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '3',
        KAFKA_CONTROLLER_QUORUM_VOTERS: '1@kafka:9093,2@kafka-2:9093,3@kafka-3:9093',
      });
      expect(environment['KAFKA_CONTROLLER_QUORUM_VOTERS']).toContain(`${environment['KAFKA_NODE_ID']}@${node}:`);
    }
  });
});

it('the broker is of the version that the tests run', () => {
  const pom = 'test/support/kafka/pom.xml';
  const tested = /<kafka\.version>([\d.]+)</.exec(readFileSync(pom, 'utf8'))![1];
  for (const file of both)
    for (const [, { image }] of services(file))
      if (image!.startsWith('apache/kafka')) expect(image).toBe(`apache/kafka:${tested}`);
});

it('anchors are of use: nothing is defined for nobody', () => {
  for (const path of [ONE, THREE]) {
    const text = readFileSync(path, 'utf8');
    const anchors = [...text.matchAll(/(?<=[:\s])&([\w-]+)/g)].map(([, anchor]) => anchor!);
    expect(anchors.filter((anchor) => !new RegExp(`\\*${anchor}\\b(?!-)`).test(text))).toEqual([]);
    expect(readYaml(path)).toBeDefined();
  }
});

/** Services in an order in which each comes after those it waits for; shorter than all when some wait for each other. */
function startOrder(file: typeof one): string[] {
  const started: string[] = [];
  for (;;) {
    const next = services(file).find(
      ([name, { depends_on = {} }]) =>
        !started.includes(name) && Object.keys(depends_on).every((other) => started.includes(other)),
    );
    if (!next) return started;
    started.push(next[0]);
  }
}

function catchFrom(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
