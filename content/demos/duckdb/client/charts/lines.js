import { short } from '../format.js';
import { MARGIN, heading, horizontalAxis, verticalAxis } from './frame.js';
import { extent, label, linear, ticks, timeTicks } from './scale.js';
import { COLORS, svg, title } from './svg.js';

/** One line for each measure, or for each value of a column that tells series apart. */
export function lines({ fields, rows }, { x, series, measures }, { width, height }) {
  const isTime = fields[x].kind === 'date' || fields[x].kind === 'timestamp';
  const all = series === undefined
    ? measures.map((i) => [fields[i].name, points(rows, x, i)])
    : [...new Set(rows.map((row) => row[series]))].map((name) => [String(name), points(rows.filter((row) => row[series] === name), x, measures[0])]);
  const across = extent(all.flatMap(([, line]) => line.map(([at]) => at)));
  const [least, greatest] = extent(all.flatMap(([, line]) => line.map(([, value]) => value)));
  // From zero, unless that would flatten what there is to see.
  const down = [least > 0 && least > greatest * 0.6 ? least - (greatest - least) * 0.15 : Math.min(least, 0), greatest];
  const [left, right, bottom] = [MARGIN.left, width - MARGIN.right, height - MARGIN.bottom];
  const [toX, toY] = [linear(across, [left, right]), linear(down, [bottom, MARGIN.top])];
  const wanted = Math.max(2, Math.floor(width / 90));
  const places = isTime ? timeTicks(...across, wanted) : ticks(...across, wanted).map((value) => [value, short(value)]);
  const what = series === undefined && measures.length === 1 ? fields[measures[0]].name : series === undefined ? '' : fields[measures[0]].name;
  const top = all.map(([name, line]) => {
    const most = line.reduce((best, point) => (point[1] > best[1] ? point : best));
    return `${name} is highest at ${label(most[0], fields[x])}: ${short(most[1])}`;
  });
  return {
    says: `Line chart of ${what || 'values'} by ${fields[x].name}. ${top.join('. ')}.`,
    elements: [
      heading(`${what}${what ? ' by ' : 'by '}${fields[x].name}`, all.length > 1 ? all.map(([name]) => name) : [], width),
      verticalAxis(toY, down, { left, right }, Math.max(2, Math.floor(height / 60))),
      horizontalAxis(places.map(([at, text]) => [toX(at), text]), bottom, right + 12),
      ...all.map(([name, line], i) => svg('path', {
        class: 'line', fill: 'none', stroke: all.length > 1 ? COLORS[i % COLORS.length] : 'url(#uv)', 'stroke-width': line.length > 400 ? 1.25 : 2, 'stroke-linejoin': 'round',
        d: line.map(([at, value], k) => `${k ? 'L' : 'M'}${toX(at).toFixed(1)} ${toY(value).toFixed(1)}`).join(''),
      }, title(name))),
    ],
  };
}

const points = (rows, x, y) => rows.filter((row) => row[x] !== null && row[y] !== null).map((row) => [Number(row[x]), Number(row[y])]).sort(([a], [b]) => a - b);
