const MOST_BARS = 40;
const MOST_SERIES = 8;
const isMeasure = ({ kind }) => kind === 'integer' || kind === 'decimal' || kind === 'number';
const isTime = ({ kind }) => kind === 'date' || kind === 'timestamp';

/**
 * Which picture fits an answer, by its shape alone. Columns are told by number.
 * @param {{fields: {name: string, kind: string}[], rows: any[][]}} table
 * @returns {{kind: 'figure'|'map'|'lines'|'heat'|'bars'|'points', x?: number, y?: number, measures?: number[], series?: number, label?: number} | {kind: 'none', why: string}}
 */
export function choose({ fields, rows }) {
  if (rows.length === 0) return { kind: 'none', why: 'There are no rows to draw.' };
  const measures = fields.flatMap((field, i) => (isMeasure(field) ? [i] : []));
  if (rows.length === 1) return measures.length > 0 ? { kind: 'figure', measures: measures.slice(0, 4) } : { kind: 'none', why: 'One row of words is best read.' };
  const named = (pattern) => measures.find((i) => pattern.test(fields[i].name));
  const [lon, lat] = [named(/^(lon|longitude|lng)$/i), named(/^(lat|latitude)$/i)];
  const texts = fields.flatMap((field, i) => (field.kind === 'text' || field.kind === 'boolean' ? [i] : []));
  if (lon !== undefined && lat !== undefined) return { kind: 'map', x: lon, y: lat, measures: measures.filter((i) => i !== lon && i !== lat).slice(0, 1), label: texts[0] };
  if (measures.length === 0) return { kind: 'none', why: 'No column is a number.' };

  const time = fields.findIndex(isTime);
  const distinct = (i) => new Set(rows.map((row) => row[i])).size;
  const series = texts.find((i) => distinct(i) <= MOST_SERIES && distinct(i) < rows.length);
  if (time >= 0) {
    if (series !== undefined) return { kind: 'lines', x: time, series, measures: [measures[0]] };
    return distinct(time) === rows.length ? { kind: 'lines', x: time, measures: measures.slice(0, MOST_SERIES) } : { kind: 'none', why: 'A time has several rows, and nothing tells them apart.' };
  }

  const grid = fields.length === 3 && measures.includes(2) && [0, 1].every((i) => distinct(i) >= 3 && distinct(i) <= 100);
  if (grid && rows.length > MOST_SERIES && new Set(rows.map((row) => `${row[0]}\n${row[1]}`)).size === rows.length && !(texts.length === 1 && distinct(texts[0]) <= MOST_SERIES)) {
    return { kind: 'heat', y: 0, x: 1, measures: [2] };
  }
  if (series !== undefined && measures.length >= 2 && fields.length === 3) return { kind: 'lines', x: measures[0], series, measures: [measures[1]] };
  if (texts.length > 0) {
    if (distinct(texts[0]) < rows.length) return { kind: 'none', why: 'A name has several rows.' };
    return rows.length <= MOST_BARS ? { kind: 'bars', x: texts[0], measures: measures.slice(0, 3) } : { kind: 'none', why: `More than ${MOST_BARS} names do not fit a chart; a LIMIT would help.` };
  }

  if (measures.length === 1) return { kind: 'none', why: 'One column of numbers has nothing to be drawn against.' };
  const ordered = rows.every((row, i) => i === 0 || row[measures[0]] > rows[i - 1][measures[0]]);
  if (ordered && fields[measures[0]].kind === 'integer' && rows.length <= MOST_BARS) return { kind: 'bars', x: measures[0], measures: measures.slice(1, 4), upright: true };
  return ordered ? { kind: 'lines', x: measures[0], measures: measures.slice(1, 1 + MOST_SERIES) } : { kind: 'points', x: measures[0], y: measures[1], measures: measures.slice(2, 3) };
}
