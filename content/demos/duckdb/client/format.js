const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

export const count = (number) => (typeof number === 'bigint' ? number.toLocaleString('en') : whole.format(number));

/** As few digits as tell numbers of this size apart: 12.3 M, 0.482, 1,240. */
export function short(number) {
  const value = Number(number);
  if (Math.abs(value) >= 10_000) return compact.format(value).replace(/([KMBT])$/, ' $1').replace('K', 'k');
  if (Number.isInteger(value)) return whole.format(value);
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

export function bytes(number) {
  if (number < 1000) return `${number} B`;
  const [unit, size] = number < 1e6 ? ['kB', 1e3] : number < 1e9 ? ['MB', 1e6] : ['GB', 1e9];
  const value = number / size;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}

export function milliseconds(number) {
  if (number < 10) return `${number.toFixed(1)} ms`;
  return number < 1000 ? `${number.toFixed(0)} ms` : `${(number / 1000).toFixed(number < 10_000 ? 2 : 1)} s`;
}

/** Exact digits in groups of three before a point, where there are five or more: a year is a number too. */
export const grouped = (digits) => digits.replace(/^-?\d{5,}/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));

/** What a cell says: six significant digits of what is inexact anyway, and everything else exactly. @param {string} exact */
export function cell(value, field, exact) {
  if (value === null) return exact;
  if (field.kind === 'integer' || field.kind === 'decimal') return grouped(exact);
  return field.kind === 'number' && Number.isFinite(value) ? value.toLocaleString('en', { maximumSignificantDigits: 6 }) : exact;
}
