/** Whether the disk of the data has room. */
import { statfs } from 'node:fs/promises';

/** PostgreSQL makes its files of write-ahead log whole, 16 MiB each; without room for the next one it stops. */
const LEAST_FREE_BYTES = 16 * 1024 * 1024;

export class DiskFull extends Error {
  override readonly name = 'DiskFull';
}

/** Rejects with `DiskFull`, a sentence for people, when the disk of a folder has no room. */
export async function requireDiskSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= LEAST_FREE_BYTES) return;
  const [least, left] = [LEAST_FREE_BYTES, free].map((bytes) => Math.floor(bytes / 1024 / 1024));
  throw new DiskFull(`the disk that holds ${folder} is full: ${left} MiB are free, at least ${least} MiB are needed`);
}
