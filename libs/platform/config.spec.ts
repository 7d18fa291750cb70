import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { ConfigError, readConfig, readConfigWith, requireOwnMachine, type ConfigFault } from '#platform/config.js';

const faultsOf = (environment: Record<string, string>) => faultsIn(() => readConfig(environment));

function faultsIn(read: () => unknown): readonly ConfigFault[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('has defaults for everything', () => {
    expect(readConfig({ ACTOR: '' })).toEqual({
      port: 3000,
      listenHost: '127.0.0.1',
      publicHosts: [],
      dataDir: resolve('.data'),
      kafkaPartitions: 12,
      budgetUrl: 'http://127.0.0.1:3000',
      logLevel: 'info',
      actor: expect.stringMatching(/./),
    });
  });

  it('takes every variable of the design', () => {
    expect(
      readConfig({
        PORT: '8080',
        LISTEN_HOST: '0.0.0.0',
        PUBLIC_HOSTS: 'Budget.example.org, budget.example.org:8443',
        DATA_DIR: '/var/lib/budget',
        DATABASE_URL: 'postgres://ledger:secret@127.0.0.1:5432/ledger',
        EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
        KAFKA_BROKERS: 'one:9092, two:9092',
        KAFKA_PARTITIONS: '24',
        BUDGET_URL: 'http://127.0.0.1:8080/',
        LOG_LEVEL: 'WARN',
        ACTOR: ' 张会计 ',
      }),
    ).toEqual({
      port: 8080,
      listenHost: '0.0.0.0',
      publicHosts: ['budget.example.org', 'budget.example.org:8443'],
      dataDir: '/var/lib/budget',
      databaseUrl: 'postgres://ledger:secret@127.0.0.1:5432/ledger',
      eventStoreUrl: 'esdb://127.0.0.1:2113?tls=false',
      kafkaBrokers: ['one:9092', 'two:9092'],
      kafkaPartitions: 24,
      budgetUrl: 'http://127.0.0.1:8080',
      logLevel: 'warn',
      actor: '张会计',
    });
  });

  it.each([
    'esdb://one:2113,two:2113,three:2113?tls=true&nodePreference=leader',
    'esdb+discover://cluster.example.org:2113',
    'esdb://ledger:secret@one:2113?tls=true',
  ])('takes %s for an event store', (url) => expect(readConfig({ EVENTSTORE_URL: url }).eventStoreUrl).toBe(url));

  it('points the command line at the configured port', () => {
    expect(readConfig({ PORT: '4000' }).budgetUrl).toBe('http://127.0.0.1:4000');
  });

  it.each([
    ['PORT', '65536', 'NOT_A_PORT'],
    ['PORT', '-1', 'NOT_A_PORT'],
    ['PORT', '30 00', 'NOT_A_PORT'],
    ['PORT', '3e3', 'NOT_A_PORT'],
    ['DATABASE_URL', 'mysql://127.0.0.1/ledger', 'NOT_A_URL'],
    ['DATABASE_URL', '127.0.0.1:5432', 'NOT_A_URL'],
    ['EVENTSTORE_URL', 'http://127.0.0.1:2113', 'NOT_A_URL'],
    ['EVENTSTORE_URL', 'esdb://', 'NOT_A_URL'],
    ['EVENTSTORE_URL', 'esdb://one:2113,,three:2113', 'NOT_A_URL'],
    ['KAFKA_BROKERS', 'one', 'NOT_BROKERS'],
    ['KAFKA_BROKERS', 'one:9092,', 'NOT_BROKERS'],
    ['KAFKA_PARTITIONS', '0', 'NOT_PARTITIONS'],
    ['KAFKA_PARTITIONS', '1001', 'NOT_PARTITIONS'],
    ['KAFKA_PARTITIONS', '12.5', 'NOT_PARTITIONS'],
    ['LISTEN_HOST', '0.0.0.0:3000', 'NOT_A_HOST'],
    ['LISTEN_HOST', 'a b', 'NOT_A_HOST'],
    ['PUBLIC_HOSTS', 'https://budget.example.org', 'NOT_HOSTS'],
    ['PUBLIC_HOSTS', 'one,', 'NOT_HOSTS'],
    ['PUBLIC_HOSTS', 'one:0', 'NOT_HOSTS'],
    ['PUBLIC_HOSTS', '*', 'NOT_HOSTS'],
    ['BUDGET_URL', 'ftp://127.0.0.1', 'NOT_A_URL'],
    ['LOG_LEVEL', 'loud', 'NOT_A_LOG_LEVEL'],
    ['ACTOR', 'a\u0007b', 'NOT_AN_ACTOR'],
    ['ACTOR', 'x'.repeat(101), 'NOT_AN_ACTOR'],
  ])('refuses %s=%s', (variable, text, code) => {
    expect(faultsOf({ [variable]: text })).toEqual([expect.objectContaining({ variable, code })]);
  });

  it('names all faults at once', () => {
    expect(faultsOf({ PORT: 'x', LOG_LEVEL: 'x', KAFKA_BROKERS: 'x' }).map((fault) => fault.variable)).toEqual([
      'PORT',
      'KAFKA_BROKERS',
      'LOG_LEVEL',
    ]);
  });

  it('never repeats a password', () => {
    expect(faultsOf({ DATABASE_URL: 'mysql://ledger:secret@127.0.0.1/ledger' })[0]?.message).not.toContain('secret');
  });

  it('names what a distributed process lacks together with what is malformed', () => {
    const read = () => readConfigWith(['DATABASE_URL', 'EVENTSTORE_URL', 'KAFKA_BROKERS'], { KAFKA_BROKERS: 'x' });
    const faults = faultsIn(read);
    expect(faults.map(({ variable, code }) => `${variable} ${code}`)).toEqual([
      'KAFKA_BROKERS NOT_BROKERS',
      'DATABASE_URL MISSING',
      'EVENTSTORE_URL MISSING',
    ]);
    expect(faults.at(-1)?.message).toMatch(/^EVENTSTORE_URL is not set: give .*esdb:/);
  });

  it('gives a distributed process what it needs', () => {
    const { databaseUrl, eventStoreUrl } = readConfigWith(['DATABASE_URL', 'EVENTSTORE_URL'], {
      DATABASE_URL: 'postgres://one/ledger',
      EVENTSTORE_URL: 'esdb://one:2113',
    });
    expect([databaseUrl, eventStoreUrl]).toEqual(['postgres://one/ledger', 'esdb://one:2113']);
  });

  it('keeps npm start on its own machine', () => {
    const environment = { LISTEN_HOST: '0.0.0.0', PUBLIC_HOSTS: 'one' };
    expect(faultsIn(() => requireOwnMachine(readConfig(environment))).map(({ variable }) => variable)).toEqual([
      'LISTEN_HOST',
      'PUBLIC_HOSTS',
    ]);
    expect(faultsIn(() => requireOwnMachine(readConfig({})))).toEqual([]);
  });
});
