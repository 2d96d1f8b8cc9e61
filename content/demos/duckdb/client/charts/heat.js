import { short } from '../format.js';
import { MARGIN, heading } from './frame.js';
import { extent, label } from './scale.js';
import { ramp, svg, title } from './svg.js';

/** A cell for each pair, the brighter the more. */
export function heat({ fields, rows }, { x, y, measures: [measure] }, { width, height }) {
  const [columns, lines] = [x, y].map((i) => sorted([...new Set(rows.map((row) => row[i]))]));
  const [least, greatest] = extent(rows.map((row) => Number(row[measure] ?? 0)));
  const [left, bottom] = [MARGIN.left, height - MARGIN.bottom];
  const [wide, high] = [(width - MARGIN.right - left) / columns.length, (bottom - MARGIN.top) / lines.length];
  const most = rows.reduce((best, row) => (Number(row[measure]) > Number(best[measure]) ? row : best));
  const say = (row, i) => `${fields[i].name} ${label(row[i], fields[i])}`;
  const skipColumns = Math.ceil(columns.length / Math.floor(width / 34));
  const skipLines = Math.ceil(lines.length / Math.floor(height / 16));
  const gap = Math.min(wide, high) > 8 ? 1.5 : 0;
  return {
    says: `Heat map of ${fields[measure].name} by ${fields[y].name} and ${fields[x].name}, ${rows.length} cells. The most is ${short(most[measure])}, at ${say(most, y)} and ${say(most, x)}.`,
    elements: [
      heading(`${fields[measure].name} by ${fields[y].name} and ${fields[x].name}`, [], width),
      ...rows.map((row) => svg('rect', {
        class: 'cell', x: left + columns.indexOf(row[x]) * wide, y: MARGIN.top + lines.indexOf(row[y]) * high, rx: gap ? 2 : 0,
        width: wide - gap, height: high - gap, fill: ramp(greatest === least ? 1 : (Number(row[measure] ?? 0) - least) / (greatest - least)),
      }, title(`${say(row, y)}, ${say(row, x)}: ${short(row[measure] ?? 0)}`))),
      svg('g', { class: 'axis' },
        ...columns.flatMap((value, i) => (i % skipColumns ? [] : [svg('text', { x: left + (i + 0.5) * wide, y: bottom + 16, 'text-anchor': 'middle' }, label(value, fields[x]))])),
        ...lines.flatMap((value, i) => (i % skipLines ? [] : [svg('text', { x: left - 8, y: MARGIN.top + (i + 0.5) * high, dy: '.32em', 'text-anchor': 'end' }, label(value, fields[y]).slice(0, 8))]))),
    ],
  };
}

const sorted = (values) => (values.every((value) => typeof value === 'number') ? values.sort((a, b) => a - b) : values);
