/** A number where it is exact as one. */
export const bigint = (value) => (value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value);

const two = (number) => String(Math.abs(Math.trunc(number))).padStart(2, '0');

/** @param {number} milliseconds since midnight */
export function clockTime(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export function duration(milliseconds) {
  const sign = milliseconds < 0 ? '-' : '';
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  return `${sign}${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Arrow's three kinds: years and months, days and milliseconds, months and days and nanoseconds. */
export const INTERVALS = [
  (data, row) => months(data.getInt32(row * 4, true)),
  (data, row) => parts([[data.getInt32(row * 8, true), 'day']], data.getInt32(row * 8 + 4, true)),
  (data, row) => parts([[data.getInt32(row * 16, true), 'month'], [data.getInt32(row * 16 + 4, true), 'day']], Number(data.getBigInt64(row * 16 + 8, true) / 1000000n)),
];

const months = (count) => parts([[count, 'month']], 0);

function parts(counts, milliseconds) {
  const words = counts.filter(([count]) => count !== 0).map(([count, unit]) => `${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`);
  if (milliseconds !== 0 || words.length === 0) words.push(duration(milliseconds));
  return words.join(' ');
}

/** ISO, without what is always zero. Whole days of a date only. */
export function moment(milliseconds, kind) {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return 'beyond what a browser can date';
  const [day, time] = date.toISOString().split('T');
  return kind === 'date' ? day : `${day} ${time.slice(0, 8)}${milliseconds % 1000 === 0 ? '' : time.slice(8, 12)}`;
}

/** Any value as exact text: what a cell of the table says. */
export function text(value, field) {
  if (value === null || value === undefined) return 'NULL';
  if (field.kind === 'timestamp' || field.kind === 'date') return moment(value, field.kind);
  return String(value);
}
