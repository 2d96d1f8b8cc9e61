import { Type } from 'apache-arrow';
import { ownName } from './own-types.js';
import { text } from './texts.js';

/** Milliseconds of a time that a Date can have. */
const drawn = (milliseconds) => (Math.abs(milliseconds) <= 8.64e15 ? milliseconds : null);

/** A number where it is exact as one. */
const number = (whole) => (whole >= -9007199254740991n && whole <= 9007199254740991n ? Number(whole) : whole);

/**
 * A column as the page shows it. `kind`: integer, decimal, number, text, boolean, timestamp, date (both milliseconds since 1970), or other, which is
 * text for people and nothing to draw.
 * @param {import('apache-arrow').Field} field
 */
export function describe(field) {
  const exact = (data, index) => text(field, data, index);
  const [kind, value] = kindOf(field, exact);
  return { name: field.name, kind, value, type: field };
}

function kindOf(field, exact) {
  const own = ownName(field);
  const whole = (data, index) => number(BigInt(exact(data, index)));
  if (own === 'hugeint' || own === 'uhugeint' || own === 'bignum') return ['integer', whole];
  if (own === 'bool8') return ['boolean', (data, index) => data.values[index] !== 0];
  const { type } = field;
  switch (type.typeId) {
    case Type.Int: return ['integer', (data, index) => (type.bitWidth === 64 ? number(data.values[index]) : data.values[index])];
    case Type.Float: return ['number', (data, index) => data.values[index]];
    case Type.Decimal: return type.scale === 0 ? ['integer', whole] : ['decimal', (data, index) => Number(exact(data, index))];
    case Type.Bool: return ['boolean', (data, index) => exact(data, index) === 'true'];
    case Type.Date: return ['date', (data, index) => drawn(Number(data.values[index]) * (data.values.BYTES_PER_ELEMENT === 4 ? 86_400_000 : 1))];
    case Type.Timestamp: return ['timestamp', (data, index) => drawn(Number(data.values[index]) / [1e-3, 1, 1e3, 1e6][type.unit])];
    case Type.Utf8:
    case Type.LargeUtf8: return ['text', exact];
    case Type.Dictionary: return type.dictionary.typeId === Type.Utf8 ? ['text', exact] : ['other', exact];
    default: return ['other', exact];
  }
}
