/** The rules of the layout and the house style that a program can check, over every file of the repository. */
import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { readCompose } from './deploy/compose-file.js';
import { readKustomization } from './deploy/manifest-files.js';

/** Tracked files and new ones that are not ignored, without those just removed. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(path));
const BINARY = /\.(png|ico|woff2|xlsx|docx|pdf)$/;
const textOf = (path: string): string => readFileSync(path, 'utf8');
const isSpec = (path: string): boolean => path.endsWith('.spec.ts');
const sources = files.filter((path) => /^(apps|libs|test)\/.*\.ts$/.test(path));
const isOwnText = (path: string): boolean =>
  !BINARY.test(path) && path !== 'package-lock.json' && path !== 'test/tidy.spec.ts';

/** Module names that a source imports, statically, dynamically or for types only. */
const importsOf = (path: string): string[] =>
  ts.preProcessFile(textOf(path), true, true).importedFiles.map(({ fileName }) => fileName);

/** Source without comments, so that prose may name what code must not use. */
const codeOf = (path: string): string => textOf(path).replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');

/** Lines `path: what` for every match, so that a failure names all faults at once. */
const findings = (paths: readonly string[], find: (path: string) => readonly string[]): string[] =>
  paths.flatMap((path) => find(path).map((what) => `${path}: ${what}`));

const matches = (pattern: RegExp, text: string): string[] => [...text.matchAll(pattern)].map(([found]) => found.trim());

describe('the layout', () => {
  it('has nothing at the top but what the design names and tools need', () => {
    const allowed = new Set(
      `apps libs deploy test nest-cli.json docker-compose.yml package.json package-lock.json tsconfig.json README.md
       eslint.config.js .ci .dockerignore .editorconfig .gitattributes .gitignore .node-version .npmrc .prettierignore`.split(
        /\s+/,
      ),
    );
    expect([...new Set(files.map((path) => path.split('/')[0]!))].filter((entry) => !allowed.has(entry))).toEqual([]);
  });

  it('has no folders or files named for their kind, no barrels and no src', () => {
    const forbidden = /(^|\/)(src|shared|common|utils?|helpers?)(\/|\.[^/]+$)|(^|\/)index\.ts$/;
    expect(files.filter((path) => forbidden.test(path))).toEqual([]);
  });

  it('has a map of the libraries', () => {
    expect(files).toEqual(expect.arrayContaining(['README.md', 'libs/README.md', 'libs/domain/README.md']));
  });
});

describe('the dependency rule', () => {
  const aliases = Object.keys((JSON.parse(textOf('package.json')) as { imports: object }).imports);

  /** `libs/domain`, `apps/cli`, `test`: the part of the product a file belongs to. */
  const partOf = (path: string): string => (path.startsWith('test/') ? 'test' : path.split('/').slice(0, 2).join('/'));

  /** The part that an import of this repository's own code leads to; undefined for packages and Node. */
  function target(importer: string, name: string): string | undefined {
    if (name.startsWith('#')) return `libs/${name.slice(1).split('/')[0]}`;
    if (name.startsWith('.')) return partOf(posix.join(dirname(importer), name));
    return undefined;
  }

  function allowed(from: string, to: string, spec: boolean): boolean {
    if (from === to || from === 'test' || (spec && to === 'test')) return true;
    if (from === 'libs/domain') return false;
    if (from.startsWith('libs/')) return to === 'libs/domain' || to === 'libs/platform';
    return to.startsWith('libs/') || from === 'apps/standalone';
  }

  it('holds: apps → libs → libs/domain → nothing, and no app imports an app but standalone', () => {
    const broken = findings(sources, (path) =>
      importsOf(path).filter((name) => {
        const to = target(path, name);
        return to !== undefined && !allowed(partOf(path), to, isSpec(path));
      }),
    );
    expect(broken).toEqual([]);
  });

  it('lets the domain import nothing from outside', () => {
    const domain = sources.filter((path) => path.startsWith('libs/domain/') && !isSpec(path));
    expect(
      findings(domain, (path) => importsOf(path).filter((name) => !/^(#domain\/|\.\/|\.\.\/)/.test(name))),
    ).toEqual([]);
  });

  it('is written with declared names: across folders `#lib/file.js`, never out of a library by dots', () => {
    const broken = findings(sources, (path) =>
      importsOf(path).filter((name) => {
        if (name.startsWith('#')) return !aliases.includes(`${name.split('/')[0]}/*`) || !name.endsWith('.js');
        const to = name.startsWith('.') ? target(path, name) : undefined;
        return to?.startsWith('libs/') === true && to !== partOf(path);
      }),
    );
    expect(broken).toEqual([]);
  });
});

describe('the domain', () => {
  it('has no clock, no chance and no input or output', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.|\bprocess\.|\bconsole\.|\bset(Timeout|Interval|Immediate)\b|\bcrypto\.|\bfetch\(/g;
    const domain = sources.filter((path) => path.startsWith('libs/domain/') && !isSpec(path));
    expect(findings(domain, (path) => matches(impure, codeOf(path)))).toEqual([]);
  });

  it('keeps one sample of every event in every version, and no other', async () => {
    const wanted: string[] = [];
    for (const path of sources.filter((source) => /^libs\/domain\/\w+\/events\.ts$/.test(source))) {
      const module = (await import(path.replace('libs/', '#').replace(/\.ts$/, '.js'))) as Record<string, unknown>;
      for (const [name, versions] of Object.entries(module)) {
        if (!name.endsWith('_EVENT_VERSIONS')) continue;
        for (const [type, last] of Object.entries(versions as Record<string, number>)) {
          for (let version = 1; version <= last; version += 1) wanted.push(`${type}.v${version}.json`);
        }
      }
    }
    expect(wanted.length).toBeGreaterThan(25);
    expect(readdirSync('test/contract/events').sort()).toEqual(wanted.sort());
    for (const name of wanted)
      expect(() => JSON.parse(textOf(join('test/contract/events', name))) as unknown).not.toThrow();
  });
});

describe('the code', () => {
  it('exports by name', () => {
    expect(findings(sources, (path) => matches(/^export default\b.*/gm, textOf(path)))).toEqual([]);
  });

  it('leaves nothing to be done later', () => {
    const marks = /\b(TODO|FIXME|XXX|HACK)\b.*|@ts-(ignore|nocheck|expect-error)\b.*|not implemented/gi;
    expect(findings(sources.filter(isOwnText), (path) => matches(marks, textOf(path)))).toEqual([]);
  });
});

describe('the requests and answers', () => {
  it('bear names of their own: one description tells of all processes, and of two schemas with one name only one', () => {
    const named = sources
      .filter((path) => path.startsWith('apps/'))
      .flatMap((path) => [...codeOf(path).matchAll(/\bclass (\w+Dto)\b/g)].map(([, name]) => name!));
    expect(named.filter((name, index) => named.indexOf(name) !== index)).toEqual([]);
  });
});

describe('the specs', () => {
  const specs = sources.filter(isSpec);

  it('all check something', () => {
    const idle = specs.filter((path) => !/\bit(\.each)?\b|[cC]ontract\w*\(|\w+Suite\(/.test(textOf(path)));
    expect(idle).toEqual([]);
  });

  it('never run alone, and are skipped only with the reason in their title', () => {
    const focused = /\b(fit|fdescribe)\(|\b(it|test|describe)\.only\b/g;
    const skipped = /\b(xit|xtest|xdescribe)\(|\b(it|test|describe)\.(skip|todo)\b(?!\([^)]*\bbecause\b)/g;
    const others = specs.filter((path) => path !== 'test/tidy.spec.ts');
    expect(findings(others, (path) => [...matches(focused, textOf(path)), ...matches(skipped, textOf(path))])).toEqual(
      [],
    );
  });

  it('stand beside the code or in `test`', () => {
    expect(files.filter((path) => /\.(test|e2e-spec)\.ts$|__tests__/.test(path))).toEqual([]);
  });
});

describe('the package', () => {
  const manifest = JSON.parse(textOf('package.json')) as Record<string, Record<string, unknown>>;

  it('names exact versions', () => {
    const versions = (node: unknown): string[] =>
      typeof node === 'string' ? [node] : Object.values(node ?? {}).flatMap(versions);
    const all = ['dependencies', 'devDependencies', 'overrides'].flatMap((key) => versions(manifest[key]));
    expect(all.filter((version) => !/^(\d+\.\d+\.\d+(-[\w.]+)?|\$[@\w/-]+)$/.test(version))).toEqual([]);
  });

  it('has a lock file that fits any registry', () => {
    const lock = textOf('package-lock.json');
    expect(matches(/"resolved":.*/g, lock)).toEqual([]);
    expect(matches(/https?:\/\/registry[^"]*/g, lock)).toEqual([]);
  });

  it('is imported as declared: every package that a source imports is a dependency', () => {
    const declared = new Set(Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] }));
    const nameOf = (name: string): string =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/');
    const undeclared = findings(sources, (path) =>
      importsOf(path).filter((name) => !/^(node:|[.#])/.test(name) && !declared.has(nameOf(name))),
    );
    expect(undeclared).toEqual([]);
    const shipped = sources.filter(
      (path) => !isSpec(path) && /^(apps|libs)\//.test(path) && !/\/contract[/.]/.test(path),
    );
    const developersOnly = findings(shipped, (path) =>
      importsOf(path).filter((name) => nameOf(name) in manifest['devDependencies']!),
    );
    expect(developersOnly).toEqual([]);
  });
});

describe('what is written', () => {
  const texts = files.filter(isOwnText);

  const config = matches(/\bread\('([A-Z_]+)'/g, codeOf('libs/platform/config.ts')).map((found) => found.slice(6, -1));

  it('documents every variable of the environment in the table of the README', () => {
    const readme = textOf('README.md');
    expect(config.length).toBeGreaterThan(7);
    expect(config.filter((name) => !new RegExp(`^\\| *\`${name}\` *\\|`, 'm').test(readme))).toEqual([]);
  });

  describe.each([
    ['Compose', composeEnvironments],
    ['Kubernetes', kubernetesEnvironments],
  ])('for %s', (_where, read) => {
    const environments = read();

    it('sets or defaults every variable that the code reads, and none that it does not', () => {
      const set = [...new Set([...environments.values()].flat())];
      expect(config.filter((name) => !set.includes(name))).toEqual([]);
      expect(set.filter((name) => !config.includes(name))).toEqual([]);
    });

    it('gives each process what it cannot do without', () => {
      const starts = sources.filter((path) => /^apps\/\w+\/\w+\.ts$/.test(path) && !isSpec(path));
      const needs = starts.flatMap((path) =>
        [...codeOf(path).matchAll(/readConfigWith\(\s*\[([^\]]*)\]/g)].map(([, names]) => ({
          process: path.endsWith('/main.ts') ? path.split('/')[1]! : path.replace(/^.*\/(\w+)\.ts$/, '$1'),
          names: matches(/[A-Z_]+/g, names!),
        })),
      );
      expect(needs.length).toBeGreaterThan(1);
      const missing = needs.flatMap(({ process, names }) =>
        names.filter((name) => !environments.get(process)?.includes(name)).map((name) => `${process}: ${name}`),
      );
      expect(missing).toEqual([]);
    });
  });

  it('gives in the README the commands that the checks run', () => {
    const check = textOf('.ci/run');
    for (const command of ['npm start', 'npm test']) {
      expect(textOf('README.md')).toContain(command);
      expect(check).toContain(command);
    }
  });

  it('names no path of one machine', () => {
    const paths = /(?<![\w.])(\/home\/|\/Users\/|\/root\/|\/work\/|[A-Z]:\\Users)\S*/g;
    expect(findings(texts, (path) => matches(paths, textOf(path)))).toEqual([]);
  });

  it('stands for itself, without the talk that led to it', () => {
    const talk =
      /\b(issue|ticket|pull request) #?\d+|\bthis session\b|\b(AI|coding|sub)[ -]?agents?\b|\blanguage model\b|\b(design|domain)\.md\b|\bas (you )?requested\b/gi;
    expect(findings(texts, (path) => matches(talk, textOf(path)))).toEqual([]);
  });

  it('ends every text file with a newline and has no carriage returns', () => {
    const formatted = texts.filter(
      (path) => /\.(ts|mjs|js|json|md|yml)$/.test(path) && !path.startsWith('test/contract/'),
    );
    expect(formatted.filter((path) => !textOf(path).endsWith('\n') || textOf(path).includes('\r'))).toEqual([]);
  });
});

/** Names of the variables that each process gets, by its name. */
function composeEnvironments(): Map<string, string[]> {
  const { services } = readCompose(['docker-compose.yml'], { POSTGRES_PASSWORD: 'x', KAFKA_CLUSTER_ID: 'x' });
  const ours = Object.entries(services).filter(([, { image }]) => image!.startsWith('budget-ledger:'));
  return new Map(ours.map(([name, { environment }]) => [name, Object.keys(environment ?? {})]));
}

function kubernetesEnvironments(): Map<string, string[]> {
  const manifests = readKustomization('deploy/k8s/base');
  const maps = new Map(
    manifests.map(({ kind, metadata, data }) => [`${kind} ${metadata.name}`, Object.keys(data ?? {})]),
  );
  return new Map(
    manifests.flatMap(({ metadata, spec }): [string, string[]][] => {
      const [container] = (spec?.template?.spec.containers ?? []) as any[];
      if (!container?.image.startsWith('budget-ledger:')) return [];
      const own = (container.env ?? []).map(({ name }: { name: string }) => name);
      const given = container.envFrom.flatMap(({ configMapRef }: any) => maps.get(`ConfigMap ${configMapRef.name}`)!);
      return [[metadata.name, [...own, ...given]]];
    }),
  );
}
