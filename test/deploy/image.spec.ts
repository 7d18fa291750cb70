/** The image: its Dockerfile is sound, what it copies is there and let through, and its entry starts what it names. */
import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { validate } from 'dockerfile-utils';

const dockerfile = readFileSync('deploy/Dockerfile', 'utf8');
/** Instructions in order, continued lines joined. */
const instructions = dockerfile
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => line.trim().split(/\s+/));
const all = (name: string): string[][] => instructions.flatMap(([first, ...rest]) => (first === name ? [rest] : []));
const last = (name: string): string => all(name).at(-1)!.join(' ');
const copied = all('COPY')
  .filter(([first]) => !first!.startsWith('--from'))
  .flatMap((args) => args.filter((arg) => !arg.startsWith('--')).slice(0, -1));

describe('the Dockerfile', () => {
  it('has no fault that a linter knows', () => {
    expect(validate(dockerfile)).toEqual([]);
    expect(validate('FROM x\nCOPYY a b\n')).not.toEqual([]);
  });

  it('builds on one pinned version of Node 24', () => {
    const images = [...new Set(all('FROM').map(([image]) => image!))].filter((image) => image.includes(':'));
    expect(images).toEqual([expect.stringMatching(/^node:24\.\d+\.\d+-[\w-]+$/)]);
    expect(dockerfile).toContain(`org.opencontainers.image.base.name="${images[0]}"`);
  });

  it('runs as nobody in particular, and is told to stop by a signal that the processes know', () => {
    expect(last('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(last('STOPSIGNAL')).toBe('SIGTERM');
    expect(JSON.parse(last('ENTRYPOINT'))).toEqual(['node', '/app/deploy/process.mjs']);
  });

  it('installs exactly what is locked, and without what only developers need in the end', () => {
    const installs = all('RUN').filter((args) => args.includes('npm'));
    expect(installs.every((args) => args[1] === 'ci')).toBe(true);
    expect(dockerfile).toMatch(/FROM base AS dependencies[^]*?npm ci --omit=dev[^]*?FROM/);
    expect(dockerfile).toContain('COPY --from=dependencies /app/node_modules node_modules');
  });

  it('copies what is there and what the context lets through', () => {
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
    const [everything, ...rules] = readFileSync('.dockerignore', 'utf8').split('\n').filter(isRule);
    expect(everything).toBe('*');
    const allowed = rules.flatMap((rule) => (rule.startsWith('!') ? [rule.slice(1)] : []));
    expect(copied.filter((path) => !allowed.some((rule) => path === rule || path.startsWith(`${rule}/`)))).toEqual([]);
    expect(allowed.filter((rule) => !copied.some((path) => path === rule || path.startsWith(`${rule}/`)))).toEqual([]);
  });

  it('has the files that the programs read beside their code', () => {
    const sources = ['apps', 'libs'].flatMap((folder) =>
      readdirSync(folder, { encoding: 'utf8', recursive: true })
        .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
        // Not one of its processes: it answers its own machine only.
        .filter((path) => !path.startsWith('standalone/'))
        .map((path) => `${folder}/${path}`),
    );
    const final = all('COPY').filter((_args, index) => index >= all('COPY').length - 4);
    const inImage = final.flatMap((args) => args.filter((arg) => !arg.startsWith('--')).slice(0, -1));
    const read = sources.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const fromDist = posix.dirname(`dist/${file}`);
      const beside = [...text.matchAll(/new URL\('(\.\.?\/[^'`]+)', import\.meta\.url\)/g)];
      return beside.map(([, path]) => posix.join(fromDist, path!));
    });
    expect(read.length).toBeGreaterThan(0);
    // The compiler makes programs of programs; anything else has to be written by a step of its own.
    const written = all('RUN').flat();
    const made = (path: string): boolean => path.endsWith('.js') || written.includes(path);
    expect(read.filter((path) => path.startsWith('dist/') && !made(path))).toEqual([]);
    const outside = read.filter((path) => !path.startsWith('dist/'));
    expect(outside.filter((path) => !inImage.includes(path))).toEqual([]);
  });
});

const isRule = (line: string): boolean => line !== '' && !line.startsWith('#');

describe('its entry', () => {
  const entry = readFileSync('deploy/process.mjs', 'utf8');
  const scripts = [...entry.matchAll(/(\w+): '\.\.\/dist\/(.+)\.js'/g)].map(
    ([, name, path]) => [name!, `${path}.ts`] as const,
  );
  const run = (...args: string[]) => spawnSync(process.execPath, ['deploy/process.mjs', ...args], { encoding: 'utf8' });

  it('knows every process, each of which is there', () => {
    expect(scripts.map(([name]) => name)).toEqual(['ledger', 'relay', 'projector', 'query', 'topics', 'budget']);
    expect(scripts.filter(([, source]) => !existsSync(source))).toEqual([]);
  });

  it.each([
    [[], 'Which process?'],
    [['ledgers'], 'ledgers is no process of this image.'],
  ])('says what there is when asked for %j', (args, message) => {
    const { status, stderr } = run(...args);
    expect([status, stderr]).toEqual([2, `${message} Give one of ${scripts.map(([name]) => name).join(', ')}.\n`]);
  });
});

describe('the secrets', () => {
  it('are added to a .env whose last line has no end, once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    try {
      mkdirSync(join(folder, 'deploy'));
      copyFileSync('deploy/secrets.sh', join(folder, 'deploy/secrets.sh'));
      writeFileSync(join(folder, '.env'), 'PUBLIC_PORT=3100');
      const written = () => {
        expect(spawnSync('sh', ['deploy/secrets.sh'], { cwd: folder }).status).toBe(0);
        return readFileSync(join(folder, '.env'), 'utf8');
      };
      const once = written();
      expect(once).toMatch(/^PUBLIC_PORT=3100\nPOSTGRES_PASSWORD=[0-9a-f]{48}\nKAFKA_CLUSTER_ID=[\w-]{22}\n$/);
      expect(written()).toBe(once);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the health check', () => {
  it('says why a process is not ready', () => {
    const check = spawnSync(process.execPath, ['deploy/ready.mjs'], { encoding: 'utf8', env: { PORT: '1' } });
    expect(check.status).toBe(1);
    expect(check.stderr).toMatch(/^http:\/\/127\.0\.0\.1:1\/readyz: \S/);
  });
});
