/** The Kubernetes manifests as Kustomize puts them together, as far as the checks need it, and their check against the API's types. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';

export interface Manifest {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [key: string]: any };
  readonly spec?: any;
  readonly data?: Readonly<Record<string, string>>;
}

/** All objects that `kubectl apply -k folder` would send; generated ConfigMaps without the hash in their names. */
export function readKustomization(folder: string): Manifest[] {
  const file = join(folder, 'kustomization.yaml');
  const [kustomization] = readAll(file);
  const found = (kustomization.resources as string[]).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory()
      ? readKustomization(path)
      : readAll(path).map((node): Manifest => ({ ...node, file: path }));
  });
  for (const { name, behavior, literals = [], files = [] } of kustomization.configMapGenerator ?? []) {
    const data = {
      ...Object.fromEntries(literals.map((literal: string) => literal.split(/=(.*)/s).slice(0, 2))),
      ...Object.fromEntries(
        files.map((entry: string) => {
          const [key, source = key] = entry.split('=') as [string, string?];
          if (relative(folder, resolve(folder, source)).startsWith('..'))
            throw new Error(`${file}: ${source} is outside`);
          return [key, readFileSync(join(folder, source), 'utf8')];
        }),
      ),
    };
    const below = found.findIndex(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
    if ((behavior === 'merge') !== below >= 0)
      throw new Error(`${file}: ${name} is generated twice, or merged into nothing`);
    if (below < 0) found.push({ file, apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
    else found[below] = { ...found[below]!, data: { ...found[below]!.data, ...data } };
  }
  for (const { name, newTag } of kustomization.images ?? []) tag(found, name, newTag);
  return found;
}

function tag(manifests: readonly Manifest[], image: string, version: string): void {
  for (const { spec } of manifests)
    for (const container of spec?.template?.spec?.containers ?? [])
      if (container.image === image) container.image = `${image}:${version}`;
}

function readAll(path: string): any[] {
  if (!existsSync(path)) throw new Error(`${path} is not there`);
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    const faults = [...document.errors, ...document.warnings];
    if (faults.length > 0) throw new Error(`${path}: ${faults.map(({ message }) => message).join('\n')}`);
    return document.toJS();
  });
}

/** Where the types of an API group are in the package `kubernetes-types`. */
const TYPES: Readonly<Record<string, string>> = {
  v1: 'core/v1',
  'apps/v1': 'apps/v1',
  'batch/v1': 'batch/v1',
  'policy/v1': 'policy/v1',
  'autoscaling/v2': 'autoscaling/v2',
  'networking.k8s.io/v1': 'networking/v1',
};

/**
 * What the API's types say against the manifests: a missing or unknown field, a value of the wrong type. The types are
 * generated from the API's own description, and unlike its JSON schemas they know which fields there are not.
 */
export function faultsAgainstTypes(manifests: readonly Pick<Manifest, 'apiVersion' | 'kind' | 'metadata'>[]): string[] {
  const modules = [...new Set(manifests.map(({ apiVersion }) => apiVersion))].map((apiVersion) => {
    const module = TYPES[apiVersion];
    if (module === undefined) throw new Error(`${apiVersion}: say in manifest-files.ts which module has its types`);
    return { apiVersion, module, alias: module.replace(/\W/g, '_') };
  });
  const imports = modules.map(({ module, alias }) => `import type * as ${alias} from 'kubernetes-types/${module}.js';`);
  const values = manifests.map(({ apiVersion, kind, ...rest }, index) => {
    const { alias } = modules.find((each) => each.apiVersion === apiVersion)!;
    const { file: _file, ...node } = { file: '', ...rest };
    return `export const m${index}: ${alias}.${kind} = ${JSON.stringify({ apiVersion, kind, ...node }, null, 1)};`;
  });
  const source = [...imports, ...values].join('\n');
  return compile(source).map(({ line, message }) => {
    const index = Number(
      /^export const m(\d+)/.exec(
        source
          .split('\n')
          .slice(0, line + 1)
          .findLast(isStart)!,
      )?.[1],
    );
    const { kind, metadata } = manifests[index]!;
    return `${kind} ${metadata.name}: ${source.split('\n')[line]!.trim()} ${message}`;
  });
}

const isStart = (line: string): boolean => line.startsWith('export const m');

function compile(source: string): { line: number; message: string }[] {
  const name = resolve('test/deploy/manifests-as-typescript.ts');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    types: [],
  };
  const files = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...files,
    fileExists: (path) => path === name || files.fileExists(path),
    getSourceFile: (path, target) =>
      path === name ? ts.createSourceFile(path, source, target) : files.getSourceFile(path, target),
    getCurrentDirectory: () => dirname(name),
  };
  const program = ts.createProgram([name], options, host);
  const file = program.getSourceFile(name)!;
  return ts.getPreEmitDiagnostics(program, file).map(({ start = 0, messageText }) => ({
    line: file.getLineAndCharacterOfPosition(start).line,
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
}
