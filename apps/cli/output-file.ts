/** Files that are there as a whole or not at all. */
import { open, rename, rm } from 'node:fs/promises';
import { BadInput } from './faults.js';

/**
 * Writes beside the file and moves it there when all has come: an export that breaks off leaves no half file behind, and
 * what stood there before stays. Throws `BadInput` when the place cannot be written.
 */
export async function writeWhole(file: string, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
  const draft = `${file}.${process.pid}.part`;
  const unwritable = (error: unknown) =>
    new BadInput({
      place: file,
      code: 'NOT_WRITABLE',
      message: `cannot be written (${(error as NodeJS.ErrnoException).code})`,
    });
  const handle = await open(draft, 'wx').catch((error: unknown) => Promise.reject(unwritable(error)));
  try {
    try {
      for await (const chunk of chunks) {
        await handle.appendFile(chunk).catch((error: unknown) => Promise.reject(unwritable(error)));
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file).catch((error: unknown) => Promise.reject(unwritable(error)));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
