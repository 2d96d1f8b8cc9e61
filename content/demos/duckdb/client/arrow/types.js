const UNITS = [1e3, 1, 1e-3, 1e-6]; // milliseconds in a second, milli-, micro- and nanosecond

/**
 * What a column holds. `kind` is how it is shown and drawn: integer, number, text, boolean, timestamp and date (both milliseconds since 1970), or other,
 * which is text for people and nothing to draw.
 * @returns {{name: string, kind: string, layout: string, children: object[], dictionary: number | null}}
 */
export function readField(field) {
  const dictionary = field.table(4);
  const children = field.tables(5).map(readField);
  return { name: field.string(0) ?? '', children, dictionary: dictionary ? dictionary.long(0) : null, index: dictionary ? integer(dictionary.table(1)) : null, ...describe(field.byte(2), field.table(3), children) };
}

function integer(type) {
  return { kind: 'integer', layout: 'fixed', bits: type?.int(0, 32) ?? 32, signed: type ? type.byte(1) === 1 : true };
}

function describe(number, type, children) {
  switch (number) {
    case 1: return { kind: 'other', layout: 'null' };
    case 2: return integer(type);
    case 3: return { kind: 'number', layout: 'fixed', bits: [16, 32, 64][type.short(0)], float: true };
    case 4: return { kind: 'other', layout: 'text', binary: true };
    case 5: return { kind: 'text', layout: 'text' };
    case 6: return { kind: 'boolean', layout: 'bits' };
    case 7: return { kind: type.int(1) === 0 ? 'integer' : 'number', layout: 'fixed', bits: type.int(2, 128), signed: true, scale: type.int(1) };
    case 8: return { kind: 'date', layout: 'fixed', bits: type.short(0, 1) === 0 ? 32 : 64, signed: true, factor: type.short(0, 1) === 0 ? 86_400_000 : 1 };
    case 9: return { kind: 'other', layout: 'fixed', bits: type.int(1, 32), signed: true, clock: UNITS[type.short(0, 1)] };
    case 10: return { kind: 'timestamp', layout: 'fixed', bits: 64, signed: true, factor: UNITS[type.short(0)] };
    case 11: return { kind: 'other', layout: 'interval', unit: type.short(0) };
    case 12: return { kind: 'other', layout: 'list' };
    case 13: return { kind: 'other', layout: 'struct' };
    case 15: return { kind: 'other', layout: 'bytes', width: type.int(0) };
    case 16: return { kind: 'other', layout: 'fixedlist', size: type.int(0) };
    case 17: return { kind: 'other', layout: 'list', map: true };
    case 18: return { kind: 'other', layout: 'fixed', bits: 64, signed: true, duration: UNITS[type.short(0, 1)] };
    case 19: return { kind: 'other', layout: 'text', binary: true, large: true };
    case 20: return { kind: 'text', layout: 'text', large: true };
    case 21: return { kind: 'other', layout: 'list', large: true };
    default: throw new Error(`This page cannot read Arrow's type ${number}${children.length ? ' of several columns' : ''}: cast the column to VARCHAR.`);
  }
}
