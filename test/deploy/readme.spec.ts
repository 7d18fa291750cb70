/** What deploy/README.md tells an operator to type and to read is there. */
import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCompose, readYaml } from './compose-file.js';

const text = readFileSync('deploy/README.md', 'utf8');
const { services, volumes } = readCompose(['docker-compose.yml'], { POSTGRES_PASSWORD: 'x', KAFKA_CLUSTER_ID: 'x' });

/** Every verb of the command line, by its options. */
const verbs = new Map(
  readdirSync('apps/cli')
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .flatMap((file) => {
      const source = readFileSync(join('apps/cli', file), 'utf8');
      const options = [...source.matchAll(/'(--[\w-]+)/g)].map(([, option]) => option!);
      return [...source.matchAll(/\.command\('([\w-]+)/g)].map(([, verb]): [string, string[]] => [verb!, options]);
    }),
);

describe('deploy/README.md', () => {
  it('names verbs and options that the command line has', () => {
    const COMMAND = /(?:`budget|budget --|--rm(?: -v \S+)?\s+budget)\s+([a-z][\w-]*)((?: (?:--[\w-]+|[A-Z][\w.]*))*)/g;
    const used = [...text.matchAll(COMMAND)].map(([, verb, rest]) => ({
      verb: verb!,
      options: rest!.split(' ').filter((word) => word.startsWith('--')),
    }));
    expect(used.length).toBeGreaterThan(8);
    const unknown = used.flatMap(({ verb, options }) =>
      verbs.has(verb) ? options.filter((option) => !verbs.get(verb)!.includes(option)) : [verb],
    );
    expect(unknown).toEqual([]);
  });

  it('names services and volumes that Compose has', () => {
    const commands = [...text.matchAll(/docker compose (?:exec(?: -T)?|stop|start|logs|up) ([a-z][\w -]*)/g)];
    const named = commands.flatMap(([found, words]) =>
      found.includes(' exec') ? [words!.split(' ')[0]!] : words!.split(' ').filter((word) => /^[a-z]/.test(word)),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in services))).toEqual([]);
    for (const [, volume] of text.matchAll(/budget-ledger_([\w-]+-data)/g)) expect(volumes).toHaveProperty(volume!);
  });

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]*)(?:#([\w-]+))?\)/g)];
    expect(links.flatMap(([, path]) => (path && !existsSync(join('deploy', path)) ? [path] : []))).toEqual([]);
    const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!.toLowerCase().replaceAll(' ', '-'),
    );
    expect(links.flatMap(([, path, anchor]) => (!path && !headings.includes(anchor!) ? [anchor] : []))).toEqual([]);
  });

  it('tells of every variable that Compose puts in', () => {
    const used = new Set(
      [...readFileSync('docker-compose.yml', 'utf8').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name),
    );
    expect([...used].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('names the images that are run', () => {
    const images = [readYaml('docker-compose.yml'), readYaml('deploy/compose.cluster.yml')].flatMap((file) =>
      Object.values<any>(file.services).flatMap(({ image }) => (image?.startsWith('eventstore/') ? [image] : [])),
    );
    expect(new Set(images).size).toBe(1);
    expect(text).toContain(images[0]);
  });
});
