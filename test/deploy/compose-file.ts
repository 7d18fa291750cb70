/** Reads Compose files as `docker compose` does: YAML with merge keys, variables put in, a second file laid over the first. */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';

export interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: Readonly<Record<string, { readonly aliases?: readonly string[] }>>;
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: readonly string[] };
  readonly restart?: string;
  readonly [key: string]: any;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, any>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** A variable without a value, with the message that the file has for it. */
export class VariableMissing extends Error {
  override readonly name = 'VariableMissing';
  constructor(
    readonly variable: string,
    readonly told: string,
  ) {
    super(`${variable} ${told}`);
  }
}

/** One file as it stands, variables not put in. Throws on anything the YAML parser objects to. */
export function readYaml(path: string): any {
  const document = parseDocument(readFileSync(path, 'utf8'), { merge: true, prettyErrors: true, uniqueKeys: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) throw new Error(`${path}: ${faults.map((fault) => fault.message).join('\n')}`);
  return document.toJS({ maxAliasCount: 1_000 });
}

/**
 * The files with variables put in, each laid over those before it. Throws `VariableMissing` for a variable that must be
 * given and is not, and an error for any `$` that Compose would read otherwise than the writer meant.
 */
export function readCompose(paths: readonly string[], environment: Readonly<Record<string, string>>): ComposeFile {
  const files = paths.map((path) => normalized(withVariables(readYaml(path), environment)));
  return files.reduce((below, above) => overlaid(below, above, []));
}

/** `$$`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}`: no other form is used here, so any other is a mistake. */
const VARIABLE = /\$(?:(\$)|\{([A-Z][A-Z0-9_]*)(?:(:-)([^}]*)|(:\?)([^}]*))?\}|(.?))/g;

function withVariables(node: any, environment: Readonly<Record<string, string>>): any {
  if (Array.isArray(node)) return node.map((each) => withVariables(each, environment));
  if (typeof node === 'object' && node !== null)
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withVariables(value, environment)]));
  if (typeof node !== 'string') return node;
  return node.replace(
    VARIABLE,
    (found, dollar, name?: string, defaulted?: string, otherwise = '', _needed?: string, message?: string) => {
      if (dollar) return '$';
      if (name === undefined) throw new Error(`"${node}": ${found} is no variable; write $$ for a dollar`);
      const value = environment[name];
      if (value) return value;
      if (defaulted) return otherwise;
      throw new VariableMissing(name, message ?? 'has neither a value nor a default');
    },
  );
}

/** The short form of networks in its long one, so that two files can be laid over each other. */
function normalized(file: any): any {
  const services = Object.entries<any>(file.services ?? {}).map(([name, service]) => {
    const { networks } = service;
    return [
      name,
      Array.isArray(networks)
        ? { ...service, networks: Object.fromEntries(networks.map((each) => [each, {}])) }
        : service,
    ];
  });
  return { ...file, services: Object.fromEntries(services) };
}

/** Compose's rules for what these files use: maps key by key, volumes and ports added, any other list replaced or forbidden. */
function overlaid(below: any, above: any, path: readonly string[]): any {
  if (isMap(below) && isMap(above)) {
    const keys = [...new Set([...Object.keys(below), ...Object.keys(above)])];
    return Object.fromEntries(keys.map((key) => [key, overlaid(below[key], above[key], [...path, key])]));
  }
  if (above === undefined) return below;
  if (below === undefined || !Array.isArray(below)) return above;
  if (['command', 'entrypoint', 'test', 'cap_drop'].includes(path.at(-1)!)) return above;
  throw new Error(`${path.join('.')}: two lists are laid over each other here; say in this reader what Compose does`);
}

const isMap = (node: unknown): node is Record<string, unknown> =>
  typeof node === 'object' && node !== null && !Array.isArray(node);
