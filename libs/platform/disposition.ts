/** Value of Content-Disposition: whether a browser shows a file or saves it, and under which name. */

/** RFC 6266 and RFC 8187: the name in UTF-8, and for readers that know none the same with what is not plain replaced. */
export function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\w .()-]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
