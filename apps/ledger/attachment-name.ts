/** Names of evidence files: what may come in, and how one goes out in a header. */
import type { AttachmentKind } from './attachment-kinds.js';

const NAME_LENGTH = 200;
/** Controls among it are those that turn the direction of writing, which make one ending look like another. */
export const NAME = new RegExp(`^(?=.*\\S)[^\\p{C}/\\\\]{1,${NAME_LENGTH}}$`, 'u');

export const NAME_RULE = `must be 1 to ${NAME_LENGTH} printable characters without slashes`;

/**
 * Value of Content-Disposition that saves the file and never shows it. The ending is one of its kind, whatever the name says:
 * a text that is called `.exe` or `.html` must not become one on somebody's disk. RFC 6266, RFC 8187.
 */
export function savedAs(name: string, { endings }: AttachmentKind): string {
  const [first = ''] = endings;
  const lower = name.toLowerCase();
  const whole = endings.some((ending) => lower.endsWith(ending)) ? name : `${name}${first}`;
  // For readers that know no UTF-8 names: the same with what is not plain replaced.
  const plain = whole.replace(/[^\w .()-]/g, '_');
  const encoded = encodeURIComponent(whole).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
