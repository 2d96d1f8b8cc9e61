// How a row is written. The process sends numbers and the words once; the sentence is put together here.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n) => (n < 10 ? `0${n}` : `${n}`);
const three = (n) => (n < 10 ? `00${n}` : n < 100 ? `0${n}` : `${n}`);

/** Digits in groups of three, with a narrow space that stays on the line. */
export function grouped(number) {
  const digits = String(Math.trunc(number));
  let text = '';
  for (let i = 0; i < digits.length; i++) text += i > 0 && (digits.length - i) % 3 === 0 ? `\u2009${digits[i]}` : digits[i];
  return text;
}

/** UTC, without a Date for each row: the parts of the day by division, the day from a small table. */
const days = new Map();
export function clock(ms, millis = true) {
  const day = Math.floor(ms / 86_400_000);
  const rest = ms - day * 86_400_000;
  const seconds = Math.floor(rest / 1000);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${millis ? `.${three(rest - seconds * 1000)}` : ''}`;
}

export function date(ms) {
  const day = Math.floor(ms / 86_400_000);
  let text = days.get(day);
  if (!text) {
    const at = new Date(day * 86_400_000);
    days.set(day, (text = `${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()]}`));
  }
  return text;
}

export const moment = (ms, millis = true) => `${date(ms)} ${clock(ms, millis)}`;

/** Microseconds, in the unit that leaves three digits. */
export function took(micros) {
  if (micros < 1000) return `${micros} µs`;
  if (micros < 1e6) return `${(micros / 1e3).toFixed(micros < 1e4 ? 2 : micros < 1e5 ? 1 : 0)} ms`;
  if (micros < 6e7) return `${(micros / 1e6).toFixed(micros < 1e7 ? 2 : 1)} s`;
  return `${(micros / 6e7).toFixed(1)} min`;
}

export const decibels = (tenths) => `${tenths < 0 ? '−' : '+'}${Math.floor(Math.abs(tenths) / 10)}.${Math.abs(tenths) % 10}`;

const slot = {
  n: (value) => String(value),
  d: (value) => `${value < 0 ? '-' : ''}${Math.floor(Math.abs(value) / 10)}.${Math.abs(value) % 10}`,
  x: (value) => (value & 0xffff).toString(16).padStart(4, '0'),
  t: (value, { targets }) => targets[value],
};

/** The message of one row of a page. */
export function message(words, page, i) {
  const { pieces, slots } = words.templates[page.kinds[i]];
  let text = pieces[0];
  for (let s = 0; s < slots.length; s++) text += slot[slots[s]](page.slots[3 * i + s], words) + pieces[s + 1];
  return text;
}

/** Everything that is shown of a row, as text. */
export function row(words, page, i) {
  const template = words.templates[page.kinds[i]];
  const time = page.zero + page.times[i];
  return {
    id: page.ids[i], time, level: template.level,
    number: grouped(page.ids[i] + 1), moment: moment(time), clock: clock(time, false), station: words.stations[page.stations[i]], system: words.systems[template.system],
    levelName: words.levels[template.level], message: message(words, page, i), took: took(page.durations[i]), signal: decibels(page.signals[i]),
    trace: page.traces.subarray(12 * i, 12 * i + 12),
  };
}

/** As it is copied: the same as backend/Tsv.cs writes. */
export function tsv(words, page, i) {
  const template = words.templates[page.kinds[i]];
  const time = new Date(page.zero + page.times[i]).toISOString();
  const millis = String(page.durations[i] / 1000);
  const signal = `${page.signals[i] < 0 ? '-' : ''}${Math.floor(Math.abs(page.signals[i]) / 10)}.${Math.abs(page.signals[i]) % 10}`;
  return `${page.ids[i] + 1}\t${time}\t${words.stations[page.stations[i]]}\t${words.systems[template.system]}\t${words.levels[template.level]}\t${message(words, page, i)}\t${millis} ms\t${signal} dB\n`;
}
