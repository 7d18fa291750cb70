/** For specs: a ZIP file of empty entries with these names, and nothing more than its readers look at. */
export function zipNaming(names: readonly string[], { comment = '' } = {}): Buffer {
  const local = Buffer.concat(names.map((name) => record(LOCAL, 30, name)));
  const directory = Buffer.concat(names.map((name) => record(CENTRAL, 46, name)));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END);
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([local, directory, end, Buffer.from(comment, 'latin1')]);
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** Head of one entry, `bytes` long, and its name. */
function record(signature: number, bytes: number, name: string): Buffer {
  const head = Buffer.alloc(bytes);
  head.writeUInt32LE(signature);
  head.writeUInt16LE(Buffer.byteLength(name), signature === LOCAL ? 26 : 28);
  return Buffer.concat([head, Buffer.from(name)]);
}
