// The library hands out what it reads as JavaScript's own values, and JavaScript has no decimals, no microseconds and no fractions of a float32. So what is
// shown is written from the buffers it has found, as exactly as the engine knows it.
import { Type } from 'apache-arrow';
import { OWN, ownName } from './own-types.js';
import { clock, day, interval, moment } from '../values.js';

const SECOND = [1n, 1000n, 1_000_000n, 1_000_000_000n]; // of Arrow's units
const decoder = new TextDecoder();

/**
 * A value as exact text.
 * @param {import('apache-arrow').Field} field @param {import('apache-arrow').Data} data its column, or part of one
 */
export function text(field, data, index) {
  if (!data.getValid(index)) return 'NULL';
  const own = OWN[ownName(field)];
  const { type } = data;
  if (own) return own(type.typeId === Type.Int ? data.values[index] : bytesOf(data, index));
  switch (type.typeId) {
    case Type.Null: return 'NULL';
    case Type.Int: return String(data.values[index]);
    case Type.Float: return type.precision === 1 ? single(data.values[index]) : String(data.values[index]);
    case Type.Decimal: return decimal(data, index);
    case Type.Bool: return String(((data.values[index >> 3] >> (index & 7)) & 1) === 1);
    case Type.Utf8:
    case Type.LargeUtf8: return decoder.decode(bytesOf(data, index));
    case Type.Binary:
    case Type.LargeBinary:
    case Type.FixedSizeBinary: return blob(bytesOf(data, index));
    case Type.Date: return data.values.BYTES_PER_ELEMENT === 4 ? day(data.values[index]) : moment(data.values[index], 1000n);
    case Type.Time: return clock(BigInt(data.values[index]), SECOND[type.unit]);
    case Type.Timestamp: return `${moment(data.values[index], SECOND[type.unit])}${type.timezone ? '+00' : ''}`;
    case Type.Duration: return interval(0, 0, (data.values[index] * 1_000_000_000n) / SECOND[type.unit]);
    case Type.Interval: return span(data, index);
    case Type.Dictionary: return text({ metadata: null, type: type.dictionary }, data.dictionary.data[0], Number(data.values[index]));
    case Type.List:
    case Type.LargeList: return `[${items(data, type.children[0], index).join(', ')}]`;
    case Type.FixedSizeList: return `[${Array.from({ length: type.listSize }, (_, i) => text(type.children[0], data.children[0], index * type.listSize + i)).join(', ')}]`;
    case Type.Struct: return `{${type.children.map((child, i) => `${child.name}: ${text(child, data.children[i], index)}`).join(', ')}}`;
    case Type.Map: return `{${entries(data, index).join(', ')}}`;
    case Type.Union: return member(data, index);
    default: throw new Error(`A column has Arrow's type ${type}, which this page cannot show: cast it to VARCHAR.`);
  }
}

function bytesOf({ type, values, valueOffsets }, index) {
  if (type.typeId === Type.FixedSizeBinary) return values.subarray(index * type.byteWidth, (index + 1) * type.byteWidth);
  return values.subarray(Number(valueOffsets[index]), Number(valueOffsets[index + 1]));
}

/** As few digits as tell it from its neighbours. */
function single(value) {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 1; ; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
}

function decimal({ type, values }, index) {
  const words = type.bitWidth / 32;
  let whole = 0n;
  for (let word = words - 1; word >= 0; word--) whole = (whole << 32n) | BigInt(values[index * words + word] >>> 0);
  whole = BigInt.asIntN(type.bitWidth, whole);
  if (type.scale === 0) return String(whole);
  const digits = String(whole < 0n ? -whole : whole).padStart(type.scale + 1, '0');
  return `${whole < 0n ? '-' : ''}${digits.slice(0, -type.scale)}.${digits.slice(-type.scale)}`;
}

/** Letters where they are letters. */
const blob = (bytes) => Array.from(bytes, (byte) => (byte >= 32 && byte < 127 && byte !== 92 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`)).join('');

function span({ type, values }, index) {
  if (type.unit === 0) return interval(values[index], 0, 0n);
  if (type.unit === 1) return interval(0, values[index * 2], BigInt(values[index * 2 + 1]) * 1_000_000n);
  const [months, days, low, high] = values.subarray(index * 4, index * 4 + 4);
  return interval(months, days, BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low >>> 0)));
}

function items(data, child, index) {
  const [from, to] = [Number(data.valueOffsets[index]), Number(data.valueOffsets[index + 1])];
  return Array.from({ length: to - from }, (_, i) => text(child, data.children[0], from + i));
}

function entries(data, index) {
  const [key, value] = data.type.children[0].type.children;
  const [keys, values] = data.children[0].children;
  const [from, to] = [data.valueOffsets[index], data.valueOffsets[index + 1]];
  return Array.from({ length: to - from }, (_, i) => `${text(key, keys, from + i)}=${text(value, values, from + i)}`);
}

function member(data, index) {
  const { type, typeIds, children, valueOffsets } = data;
  const which = type.typeIdToChildIndex[typeIds[index]];
  return text(type.children[which], children[which], type.mode === 1 ? valueOffsets[index] : index);
}
