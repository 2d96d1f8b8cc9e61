import { INTERVALS, bigint, clockTime, duration, text } from './values.js';

/**
 * Takes what belongs to one column from a batch, in the order Arrow lays it out: its validity, its values, its children's.
 * @returns {(row: number) => any} Its value in a row: null, number, bigint, boolean or string; times are milliseconds since 1970.
 */
export function column(field, batch, dictionaries, plain = false) {
  if (field.dictionary !== null && !plain) {
    const index = column({ ...field, ...field.index, dictionary: null, children: [] }, batch, dictionaries);
    return (row) => {
      const at = index(row);
      return at === null ? null : dictionaries.get(field.dictionary)?.(at) ?? null;
    };
  }

  const node = batch.nodes.shift();
  if (field.layout === 'null') return () => null;
  const valid = validity(batch.take(), node);
  const value = LAYOUTS[field.layout](field, batch, dictionaries);
  return (row) => (valid(row) ? value(row) : null);
}

function validity(bits, [, nulls]) {
  if (nulls === 0 || bits.byteLength === 0) return () => true;
  return (row) => ((bits.getUint8(row >> 3) >> (row & 7)) & 1) === 1;
}

const LAYOUTS = {
  bits(_, batch) {
    const bits = batch.take();
    return (row) => ((bits.getUint8(row >> 3) >> (row & 7)) & 1) === 1;
  },

  fixed(field, batch) {
    const data = batch.take();
    const read = number(field, data);
    if (field.scale > 0) return (row) => Number(read(row)) / 10 ** field.scale;
    if (field.factor) return (row) => Number(read(row)) * field.factor;
    if (field.clock) return (row) => clockTime(Number(read(row)) * field.clock);
    if (field.duration) return (row) => duration(Number(read(row)) * field.duration);
    return read;
  },

  text(field, batch) {
    const [offset, data] = [offsets(field, batch.take()), batch.take()];
    const decoder = new TextDecoder();
    return (row) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset + offset(row), offset(row + 1) - offset(row));
      return field.binary ? hex(bytes) : decoder.decode(bytes);
    };
  },

  bytes(field, batch) {
    const data = batch.take();
    return (row) => hex(new Uint8Array(data.buffer, data.byteOffset + row * field.width, field.width));
  },

  interval(field, batch) {
    const data = batch.take();
    return (row) => INTERVALS[field.unit](data, row);
  },

  list(field, batch, dictionaries) {
    const offset = offsets(field, batch.take());
    const item = column(field.children[0], batch, dictionaries);
    const [kind] = field.children;
    return (row) => {
      const items = [];
      for (let i = offset(row); i < offset(row + 1); i++) items.push(text(item(i), kind));
      return field.map ? `{${items.map((entry) => entry.slice(1, -1)).join(', ')}}` : `[${items.join(', ')}]`;
    };
  },

  fixedlist(field, batch, dictionaries) {
    const item = column(field.children[0], batch, dictionaries);
    return (row) => `[${Array.from({ length: field.size }, (_, i) => text(item(row * field.size + i), field.children[0])).join(', ')}]`;
  },

  struct(field, batch, dictionaries) {
    const parts = field.children.map((child) => [child, column(child, batch, dictionaries)]);
    return (row) => `{${parts.map(([child, read]) => `${child.name}: ${text(read(row), child)}`).join(', ')}}`;
  },
};

function number({ bits, signed, float }, data) {
  if (float) {
    if (bits === 64) return (row) => data.getFloat64(row * 8, true);
    if (bits === 32) return (row) => data.getFloat32(row * 4, true);
    throw new Error('This page cannot read numbers of 16 bits: cast the column to DOUBLE.');
  }
  switch (bits) {
    case 8: return signed ? (row) => data.getInt8(row) : (row) => data.getUint8(row);
    case 16: return signed ? (row) => data.getInt16(row * 2, true) : (row) => data.getUint16(row * 2, true);
    case 32: return signed ? (row) => data.getInt32(row * 4, true) : (row) => data.getUint32(row * 4, true);
    case 64: return (row) => bigint(signed ? data.getBigInt64(row * 8, true) : data.getBigUint64(row * 8, true));
    case 128: return (row) => bigint((data.getBigInt64(row * 16 + 8, true) << 64n) | data.getBigUint64(row * 16, true));
    default: throw new Error(`This page cannot read numbers of ${bits} bits: cast the column to DOUBLE.`);
  }
}

function offsets({ large }, data) {
  return large ? (row) => Number(data.getBigInt64(row * 8, true)) : (row) => (data.byteLength === 0 ? 0 : data.getInt32(row * 4, true));
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
