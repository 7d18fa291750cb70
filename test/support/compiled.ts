/**
 * Libraries as plain JavaScript, for specs that must watch a real Node process die: the same sources, compiled by the same
 * compiler as the specs, into a folder from which `node` can import them.
 */
import { transform } from '@swc/core';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface CompiledLibraries {
  /** URL to import a module by, e.g. `url('platform/config')`. */
  url(module: string): string;
  remove(): Promise<void>;
}

/** Compiles the named folders of `libs` (without their specs). Imports of `#lib/x.js` and `./x.js` point into the same output. */
export async function compileLibraries(...libraries: readonly string[]): Promise<CompiledLibraries> {
  const cache = join(process.cwd(), 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'libs-'));
  const url = (module: string): string => pathToFileURL(join(folder, `${module}.mjs`)).href;
  for (const library of libraries) {
    const source = join(process.cwd(), 'libs', library);
    for (const name of await readdir(source, { recursive: true })) {
      if (!name.endsWith('.ts') || name.endsWith('.spec.ts')) continue;
      const target = join(folder, library, name.replace(/\.ts$/, '.mjs'));
      await mkdir(dirname(target), { recursive: true });
      const code = await compile(await readFile(join(source, name), 'utf8'));
      await writeFile(
        target,
        code
          .replace(/(["'])#([\w-]+\/[^"']+)\.js\1/g, (_all, _quote, module: string) => `'${url(module)}'`)
          .replace(/(\bfrom\s+["']\.[^"']*)\.js(?=["'])/g, '$1.mjs'),
      );
    }
  }
  return { url, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function compile(source: string): Promise<string> {
  const { code } = await transform(source, {
    swcrc: false,
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      target: 'es2023',
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
    module: { type: 'es6' },
  });
  return code;
}
