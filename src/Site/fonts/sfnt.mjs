/** Reads an OpenType file as its tables and writes it again, so that one table can be exchanged. */
export class Sfnt {
  #version;
  #tables;

  constructor(version, tables) {
    this.#version = version;
    this.#tables = tables;
  }

  static parse(buffer) {
    const tables = new Map();
    for (let i = 0, at = 12; i < buffer.readUInt16BE(4); i++, at += 16) {
      const start = buffer.readUInt32BE(at + 8);
      tables.set(buffer.toString('latin1', at, at + 4), buffer.subarray(start, start + buffer.readUInt32BE(at + 12)));
    }
    return new Sfnt(buffer.readUInt32BE(0), tables);
  }

  get glyphCount() {
    return this.#tables.get('maxp').readUInt16BE(4);
  }

  get(tag) {
    return this.#tables.get(tag);
  }

  set(tag, bytes) {
    this.#tables.set(tag, bytes);
  }

  toBuffer() {
    const entries = [...this.#tables].sort(([a], [b]) => (a < b ? -1 : 1));
    const power = 2 ** Math.floor(Math.log2(entries.length));
    const header = Buffer.alloc(12 + 16 * entries.length);
    header.writeUInt32BE(this.#version, 0);
    header.writeUInt16BE(entries.length, 4);
    header.writeUInt16BE(power * 16, 6);
    header.writeUInt16BE(Math.log2(power), 8);
    header.writeUInt16BE((entries.length - power) * 16, 10);

    const body = [];
    let at = header.length;
    let head = 0;
    entries.forEach(([tag, bytes], i) => {
      const padded = Buffer.alloc((bytes.length + 3) & ~3);
      bytes.copy(padded);
      if (tag === 'head') {
        padded.writeUInt32BE(0, 8); // the whole file's checksum, set last
        head = at;
      }
      const entry = 12 + 16 * i;
      header.write(tag, entry, 'latin1');
      header.writeUInt32BE(checksum(padded), entry + 4);
      header.writeUInt32BE(at, entry + 8);
      header.writeUInt32BE(bytes.length, entry + 12);
      body.push(padded);
      at += padded.length;
    });

    const file = Buffer.concat([header, ...body]);
    file.writeUInt32BE((0xb1b0afba - checksum(file)) >>> 0, head + 8);
    return file;
  }
}

function checksum(bytes) {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}
