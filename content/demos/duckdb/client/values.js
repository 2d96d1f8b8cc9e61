// Moments and spans as exact text, whatever their unit: what a Date cannot do, which knows milliseconds and 275 000 years.

const floor = (value, by) => (value - (((value % by) + by) % by)) / by;
const two = (number) => String(number).padStart(2, '0');

/** The calendar repeats after this many days: 400 years. */
const CYCLE = 146_097;

/** @param {number} days since 1970 */
export function day(days) {
  if (Math.abs(days) >= 2_147_483_646) return days > 0 ? 'infinity' : '-infinity';
  const cycles = Math.floor(days / CYCLE);
  const date = new Date((days - cycles * CYCLE) * 86_400_000);
  const year = date.getUTCFullYear() + cycles * 400;
  const text = `${String(year > 0 ? year : 1 - year).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return year > 0 ? text : `${text} (BC)`;
}

/** @param {bigint} value since midnight @param {bigint} second how many of its unit are one */
export function clock(value, second) {
  const seconds = Number(value / second);
  const rest = value % second;
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(String(second).length - 1, '0').replace(/0+$/, '')}`;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fraction}`;
}

/** @param {bigint} value since 1970 @param {bigint} second how many of its unit are one */
export function moment(value, second) {
  if (value >= 9223372036854775806n) return 'infinity';
  if (value <= -9223372036854775806n) return '-infinity';
  const days = floor(value, second * 86_400n);
  const [date, era] = day(Number(days)).split(' ');
  return `${date} ${clock(value - days * second * 86_400n, second)}${era ? ` ${era}` : ''}`;
}

/** As an interval is written: parts that are nothing are left out. @param {bigint} nanoseconds */
export function interval(months, days, nanoseconds) {
  const parts = [[Math.trunc(months / 12), 'year'], [months % 12, 'month'], [days, 'day']];
  const words = parts.filter(([count]) => count !== 0).map(([count, unit]) => `${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`);
  const rest = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (rest !== 0n || words.length === 0) words.push(`${nanoseconds < 0n ? '-' : ''}${clock(rest, 1_000_000_000n)}`);
  return words.join(' ');
}

/** For the axes of charts. @param {number} milliseconds @param {string} kind date or timestamp */
export const short = (milliseconds, kind) => (kind === 'date' ? day(Math.floor(milliseconds / 86_400_000)) : moment(BigInt(Math.round(milliseconds)), 1000n));
