/** The proxy: passes each request to the process whose controller answers it, and lets through what these take. */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { MAX_FILE_BYTES } from '#platform/request-body.js';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly process: string;
}

const { routes } = JSON.parse(readFileSync('deploy/routes.json', 'utf8')) as { routes: readonly Route[] };
const nginx = readFileSync('deploy/proxy/nginx.conf', 'utf8').replace(/#.*$/gm, '');
const routesConf = readFileSync('deploy/proxy/routes.conf', 'utf8');
const PLACES = ['compose', 'kubernetes'] as const;
const upstreams = (place: string): string => readFileSync(`deploy/proxy/upstreams.${place}.conf`, 'utf8');

/** The row that holds, as the table says it: the first that fits. */
function routed(method: string, path: string): string | undefined {
  const fits = (route: Route): boolean =>
    ['*', method].includes(route.method) && new RegExp(`^${pattern(route.path)}$`).test(path);
  return routes.find(fits)?.process;
}

const pattern = (path: string): string =>
  path
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*$/, '.*');

/** `method path` and process of every handler of every controller. */
function handlers(): { method: string; path: string; process: string; file: string }[] {
  const sources = readdirSync('apps', { encoding: 'utf8', recursive: true })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => `apps/${path}`);
  const texts = sources.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const constants = Object.fromEntries(
    texts.flatMap(({ text }) =>
      [...text.matchAll(/const ([A-Z_]+) = '([^']*)'/g)].map(([, name, value]) => [name, value]),
    ),
  ) as Record<string, string>;
  const valueOf = (argument: string): string =>
    /^'(.*)'$/.exec(argument)?.[1] ?? (argument === '' ? '' : (constants[argument] ?? `unknown constant ${argument}`));
  return texts.flatMap(({ file, text }) => {
    const prefix = /@Controller\(([^)]*)\)/.exec(text)?.[1];
    if (prefix === undefined) return [];
    return [...text.matchAll(/@(Get|Post|Put|Patch|Delete)\(([^)]*)\)/g)].map(([, verb, argument]) => ({
      file,
      process: file.split('/')[1]!,
      method: verb!.toUpperCase(),
      path: `/${[valueOf(prefix), valueOf(argument!)].filter(Boolean).join('/')}`,
    }));
  });
}

describe('the table', () => {
  it('sends every request to the process that has its controller', () => {
    const found = handlers();
    expect(found.length).toBeGreaterThan(55);
    const astray = found
      .map((handler) => ({ ...handler, sent: routed(handler.method, handler.path.replace(/:\w+/g, 'x-1')) }))
      .filter(({ process, sent }) => process !== sent)
      .map(({ method, path, process, sent }) => `${method} ${path}: answered by ${process}, sent to ${sent}`);
    expect(astray).toEqual([]);
  });

  it('has a place for everything, and no row that never holds', () => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      expect(routed(method, '/anything/else')).toBeDefined();
    const unused = routes.filter(({ method, path }, index) => {
      const example = path.replace(/:\w+/g, 'x').replace(/\*$/, 'x');
      const row = routes.findIndex(
        (each) =>
          ['*', method === '*' ? 'PATCH' : method].includes(each.method) &&
          new RegExp(`^${pattern(each.path)}$`).test(example),
      );
      return row !== index;
    });
    expect(unused).toEqual([]);
  });

  it('is what nginx has, row by row', () => {
    const rows = routes.map(({ method, path, process }, index) => {
      if (index === routes.length - 1) return `  default ${process};`;
      const address = path === '/*' ? '/' : `${pattern(path)}/?$`;
      return `  "~^${method} ${address}" ${process};`;
    });
    const [comment] = routesConf.split('\n');
    expect(routesConf).toBe([comment, 'map "$request_method $uri" $process {', ...rows, '}', ''].join('\n'));
    expect(routes.at(-1)).toMatchObject({ method: '*', path: '/*' });
  });
});

describe('nginx', () => {
  const locations = Object.fromEntries(
    [...nginx.matchAll(/location\s+(=\s+)?(\S+)\s*\{([^}]*)\}/g)].map(([, exact = '', path, body]) => [
      `${exact.replace(/\s/g, '')}${path}`,
      Object.fromEntries([...body!.matchAll(/(\w+)\s+([^;]+);/g)].map(([, name, value]) => [name, value])),
    ]),
  ) as Record<string, Record<string, string>>;
  const bytes = (size: string): number => Number.parseInt(size, 10) * { k: 1024, m: 1024 ** 2 }[size.at(-1)!]!;

  it('has braces in pairs and a semicolon after every directive', () => {
    for (const text of [nginx, routesConf, ...PLACES.map(upstreams)]) {
      // Quoted strings hold what they like.
      const bare = text.replace(/#.*$/gm, '').replace(/"[^"]*"|'[^']*'/g, 'text');
      expect(bare.match(/\{/g)?.length).toBe(bare.match(/\}/g)?.length);
      const unended = bare.split('\n').filter((line) => /\S/.test(line) && !/[;{}]\s*$/.test(line));
      // Only a directive of several lines may go on.
      expect(unended.filter((line) => !/^\s*(log_format json escape=json|text)\s*$/.test(line))).toEqual([]);
    }
  });

  it('passes on to the process of the table, in both places', () => {
    const passed = Object.values(locations).flatMap(({ proxy_pass }) => proxy_pass ?? []);
    expect(new Set(passed)).toEqual(new Set(['http://$process']));
    const processes = [...new Set(routes.map(({ process }) => process))].sort();
    for (const place of PLACES) {
      const text = upstreams(place);
      expect([...text.matchAll(/^upstream (\w+)/gm)].map(([, name]) => name).sort()).toEqual(processes);
      for (const process of processes) expect(text).toMatch(new RegExp(`server ${process}:3000( resolve)?;`));
    }
  });

  it('takes a file as large as the processes take, and a log of any size', () => {
    const limit = bytes(/http \{[^]*?client_max_body_size (\w+);/.exec(nginx)![1]!);
    expect(limit).toBeGreaterThan(MAX_FILE_BYTES);
    expect(limit).toBeLessThan(MAX_FILE_BYTES + 4 * 1024 ** 2);
    expect(locations['=/api/v1/admin/log']).toMatchObject({
      client_max_body_size: '0',
      proxy_request_buffering: 'off',
    });
  });

  it('holds nothing back of what comes line by line, and waits for it', () => {
    for (const path of ['=/api/v1/stream', '/api/v1/admin/', '=/api/v1/admin/log'])
      expect(locations[path]).toMatchObject({ proxy_buffering: 'off', proxy_read_timeout: '1h' });
  });

  it('tells the processes by which name they were asked', () => {
    expect(nginx).toContain('proxy_set_header Host $http_host;');
  });

  it('answers problems of its own as problems, and keeps metrics inside', () => {
    const bodies = [...nginx.matchAll(/return (\d+) '(\{[^']*"code"[^']*\})'/g)];
    expect(bodies.map(([, status]) => status)).toEqual(['503', '413']);
    for (const [, status, body] of bodies) {
      const { type, code, ...problem } = JSON.parse(body!) as Record<string, string>;
      expect(problem).toMatchObject({ status: Number(status), title: expect.any(String), detail: expect.any(String) });
      expect(type).toBe(`urn:budget-ledger:problem:${code!.toLowerCase().replaceAll('_', '-')}`);
    }
    expect(locations['=/metrics']).toEqual({ return: '404' });
  });
});
