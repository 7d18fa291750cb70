/** What every verb works with, and how a verb is hung into commander. */
import type { Command } from 'commander';
import type { Client } from './client.js';
import type { OpenMessaging } from './feed.js';
import { Given, type Options } from './given.js';
import type { Terminal } from './terminal.js';

export interface Cli {
  readonly terminal: Terminal;
  /** Reads the configuration on first use, so that `--help` needs none. */
  readonly client: () => Client;
  /** Brokers of the verbs that send messages. */
  readonly messaging: OpenMessaging;
  exitCode: number;
}

/** What a verb does with the options and names given. Its exit code, 0 when it returns none. */
export type Act = (given: Given, ...names: readonly string[]) => Promise<number | void>;

/** Commander hands over the arguments, then the options, then the command. */
export function does(cli: Cli, command: Command, act: Act): void {
  command.action(async (...parts: readonly unknown[]) => {
    const options = (parts.at(-2) ?? {}) as Options;
    const names = parts.slice(0, -2).map((name) => (typeof name === 'string' ? name : ''));
    cli.exitCode = (await act(new Given(options), ...names)) ?? 0;
  });
}

/** For options that may be given several times, or with several values. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
