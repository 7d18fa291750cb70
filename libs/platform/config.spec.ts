import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { ConfigError, readConfig, type ConfigFault } from '#platform/config.js';

function faultsOf(environment: Record<string, string>): readonly ConfigFault[] {
  try {
    readConfig(environment);
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
      dataDir: resolve('.data'),
      budgetUrl: 'http://127.0.0.1:3000',
      logLevel: 'info',
      actor: expect.stringMatching(/./),
    });
  });

  it('takes every variable of the design', () => {
    expect(
      readConfig({
        PORT: '8080',
        DATA_DIR: '/var/lib/budget',
        DATABASE_URL: 'postgres://ledger:secret@127.0.0.1:5432/ledger',
        EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
        KAFKA_BROKERS: 'one:9092, two:9092',
        BUDGET_URL: 'http://127.0.0.1:8080/',
        LOG_LEVEL: 'WARN',
        ACTOR: ' 张会计 ',
      }),
    ).toEqual({
      port: 8080,
      dataDir: '/var/lib/budget',
      databaseUrl: 'postgres://ledger:secret@127.0.0.1:5432/ledger',
      eventStoreUrl: 'esdb://127.0.0.1:2113?tls=false',
      kafkaBrokers: ['one:9092', 'two:9092'],
      budgetUrl: 'http://127.0.0.1:8080',
      logLevel: 'warn',
      actor: '张会计',
    });
  });

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
    ['KAFKA_BROKERS', 'one', 'NOT_BROKERS'],
    ['KAFKA_BROKERS', 'one:9092,', 'NOT_BROKERS'],
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
});
