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

function keys(answer) {
  return Array.from({ length: answer.rows }, (_, row) =>
    answer.fields.map((field, column) => {
      const value = answer.value(row, column);
      return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(9) : answer.text(row, column);
    }).join('\u0000')).sort();
}
