/** Compared up to here; beyond, it takes longer than the query. */
const MOST = 20_000;

/**
 * Whether two answers are the same, whatever the order of their rows: without an ORDER BY an engine may give them in any. Numbers with a point may
 * differ in their last digits, since sums of them depend on the order.
 */
export function same(one, other) {
  if (one.rows !== other.rows || one.fields.length !== other.fields.length) return false;
  if (one.rows * one.fields.length > MOST * 10) return null;
  const [a, b] = [keys(one), keys(other)];
  return a.every((key, i) => key === b[i]);
}

function keys(stream) {
  return Array.from({ length: stream.rows }, (_, row) =>
    stream.fields.map((field, column) => {
      const value = stream.value(row, column);
      return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(9) : String(value);
    }).join('\u0000')).sort();
}
