import { short } from '../format.js';
import { MARGIN, heading, horizontalAxis, verticalAxis } from './frame.js';
import { extent, label, linear } from './scale.js';
import { COLORS, svg, title } from './svg.js';

/** Bars: lying where they have names, which are read then, and upright where they have numbers. */
export function bars(table, spec, size) {
  const values = table.rows.map((row) => spec.measures.map((i) => Number(row[i] ?? 0)));
  const range = extent([0, ...values.flat()]);
  const names = spec.measures.map((i) => table.fields[i].name);
  const by = table.fields[spec.x].name;
  const of = (row) => label(row[spec.x], table.fields[spec.x]);
  const first = values.map(([value]) => value);
  const most = first.indexOf(Math.max(...first));
  const least = first.indexOf(Math.min(...first));
  return {
    says: `Bar chart of ${names.join(' and ')} by ${by}, ${values.length} bars. The most is ${of(table.rows[most])} with ${short(first[most])}, the least ${of(table.rows[least])} with ${short(first[least])}.`,
    elements: [heading(`${names.join(', ')} by ${by}`, names.length > 1 ? names : [], size.width), ...(spec.upright ? upright : lying)(table, spec, values, range, of, size)],
  };
}

const color = (count, measure) => (count === 1 ? 'url(#uv)' : COLORS[measure % COLORS.length]);

function lying({ rows, fields }, { measures }, values, range, of, { width, height }) {
  const letters = Math.max(...rows.map((row) => of(row).length));
  const left = Math.min(letters * 7 + 20, width * 0.45);
  const room = Math.floor((left - 20) / 7);
  const each = (height - MARGIN.top - 10) / rows.length;
  const toX = linear(range, [left, width - 70]);
  const thick = Math.min((each * 0.76) / measures.length, 26);
  return rows.map((row, i) => {
    const middle = MARGIN.top + 4 + (i + 0.5) * each;
    const name = of(row);
    return svg('g', {},
      each > 9 ? svg('text', { class: 'name', x: left - 10, y: middle, dy: '.32em', 'text-anchor': 'end' }, name.length > room ? `${name.slice(0, room - 1)}…` : name) : null,
      ...measures.flatMap((measure, k) => {
        const y = middle - (thick * measures.length) / 2 + k * thick;
        return [
          svg('rect', { class: 'bar', x: Math.min(toX(0), toX(values[i][k])), y: y + 0.5, width: Math.max(Math.abs(toX(values[i][k]) - toX(0)), 1), height: Math.max(thick - 1, 1), rx: 2, fill: color(measures.length, k) },
            title(`${name}, ${fields[measure].name}: ${short(values[i][k])}`)),
          thick > 9 ? svg('text', { class: 'value', x: Math.max(toX(0), toX(values[i][k])) + 6, y: y + thick / 2, dy: '.34em' }, short(values[i][k])) : null,
        ];
      }));
  });
}

function upright({ rows, fields }, { measures }, values, range, of, { width, height }) {
  const [left, right, bottom] = [MARGIN.left, width - MARGIN.right, height - MARGIN.bottom];
  const toY = linear(range, [bottom, MARGIN.top]);
  const each = (right - left) / rows.length;
  const thick = (each * 0.78) / measures.length;
  const every = Math.ceil(rows.length / Math.max(1, Math.floor(width / 44)));
  return [
    verticalAxis(toY, range, { left, right }, Math.max(2, Math.floor(height / 60))),
    horizontalAxis(rows.map((row, i) => [left + (i + 0.5) * each, of(row)]).filter((_, i) => i % every === 0), bottom),
    ...rows.flatMap((row, i) => measures.map((measure, k) => svg('rect', {
      class: 'bar', x: left + (i + 0.5) * each - (thick * measures.length) / 2 + k * thick, width: Math.max(thick - 1, 1), rx: 2,
      y: Math.min(toY(0), toY(values[i][k])), height: Math.max(Math.abs(toY(values[i][k]) - toY(0)), 1), fill: color(measures.length, k),
    }, title(`${of(row)}, ${fields[measure].name}: ${short(values[i][k])}`)))),
  ];
}
