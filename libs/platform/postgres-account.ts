/**
 * PostgreSQL refuses to run as root. Started by root, it runs as the existing account `nobody`; no account is created.
 * Node itself changes the account of the new process (group list, group, user), so neither setpriv nor su is needed.
 */
import { execFileSync } from 'node:child_process';
import { chown, readFile, stat } from 'node:fs/promises';

/** The embedded PostgreSQL cannot be used here. `message` says why and what to do. */
export class PostgresStartError extends Error {
  override readonly name = 'PostgresStartError';
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account the server must run as: the owner of an existing cluster, else `nobody`. Undefined when this process is not
 * root and the server runs as its own account.
 */
export async function serverAccount(cluster: string): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const nobody = (await fromPasswordFile()) ?? fromIdProgram();
  if (nobody) return nobody;
  throw new PostgresStartError(
    'NO_ACCOUNT',
    'PostgreSQL does not run as root, and this system has no account "nobody". Start as an ordinary user, or set ' +
      'DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** Hands a file or folder over to the server's account. */
export async function handOver(path: string, account: ServerAccount | undefined): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

async function fromPasswordFile(): Promise<ServerAccount | undefined> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  const [name, , uid, gid] = lines.find((line) => line.startsWith('nobody:'))?.split(':') ?? [];
  return name === undefined || !isId(uid) || !isId(gid) ? undefined : { name, uid: signed(uid), gid: signed(gid) };
}

/** Where accounts live elsewhere (macOS, directory services). */
function fromIdProgram(): ServerAccount | undefined {
  try {
    const ask = (flag: string): string =>
      execFileSync('id', [flag, 'nobody'], { encoding: 'utf8', stdio: 'pipe' }).trim();
    const [uid, gid] = [ask('-u'), ask('-g')];
    return isId(uid) && isId(gid) ? { name: 'nobody', uid: signed(uid), gid: signed(gid) } : undefined;
  } catch {
    return undefined;
  }
}

const isId = (text: string | undefined): text is string => /^[1-9]\d*$/.test(text ?? '');

/** Node takes ids as signed 32-bit numbers; macOS writes `nobody` as 4294967294. */
const signed = (id: string): number => Number(id) | 0;
