/** Names of evidence files: what may come in, and how one goes out in a header. */
import { disposition } from '#platform/disposition.js';
import type { AttachmentKind } from './attachment-kinds.js';

const NAME_LENGTH = 200;
/** Controls among it are those that turn the direction of writing, which make one ending look like another. */
export const NAME = new RegExp(`^(?=.*\\S)[^\\p{C}/\\\\]{1,${NAME_LENGTH}}$`, 'u');

export const NAME_RULE = `must be 1 to ${NAME_LENGTH} printable characters without slashes`;

/**
 * Value of Content-Disposition that saves the file and never shows it. The ending is one of its kind, whatever the name says:
 * a text that is called `.exe` or `.html` must not become one on somebody's disk.
 */
export function savedAs(name: string, { endings }: AttachmentKind): string {
  const [first = ''] = endings;
  const lower = name.toLowerCase();
  const whole = endings.some((ending) => lower.endsWith(ending)) ? name : `${name}${first}`;
  return disposition('attachment', whole);
}
