import { short } from '../format.js';
import { short as moment } from '../values.js';

/** Round steps from below the least to above the greatest. */
export function ticks(least, greatest, wanted = 5) {
  if (!(greatest > least)) return [least];
  const rough = (greatest - least) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough) * power;
  const first = Math.ceil(least / step - 1e-9);
  return Array.from({ length: Math.floor(greatest / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Places on an axis of time, and what stands there: months where there are several, days or hours otherwise. */
export function timeTicks(least, greatest, wanted) {
  const day = 86_400_000;
  if (greatest - least > 40 * 365 * day) return spread(least, greatest, wanted, (at) => moment(at, 'date').replace(/-\d\d-\d\d/, ''));
  if (greatest - least > 60 * day) {
    const all = [];
    const date = new Date(least);
    for (let month = date.getUTCMonth(), year = date.getUTCFullYear(); ; month++) {
      const at = Date.UTC(year, month, 1);
      if (at > greatest) break;
      if (at >= least) all.push([at, MONTHS[((month % 12) + 12) % 12]]);
    }
    const every = Math.ceil(all.length / wanted);
    return all.filter((_, i) => i % every === 0);
  }
  const kind = greatest - least > 2 * day ? 'date' : 'timestamp';
  const text = (at) => (kind === 'date' ? moment(at, 'date').slice(5) : moment(at, 'timestamp').slice(11, 16));
  return spread(least, greatest, wanted, text);
}

const spread = (least, greatest, wanted, text) =>
  Array.from({ length: wanted }, (_, i) => least + ((greatest - least) * i) / Math.max(wanted - 1, 1)).map((at) => [at, text(at)]);

export const extent = (values) => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);

export const linear = ([from, to], [start, end]) => (value) => (to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start));

/** A value of a column as a short label. */
export function label(value, field) {
  if (value === null) return 'none';
  if (field.kind === 'date' || field.kind === 'timestamp') return moment(value, field.kind);
  return ['integer', 'decimal', 'number'].includes(field.kind) ? short(value) : String(value);
}
