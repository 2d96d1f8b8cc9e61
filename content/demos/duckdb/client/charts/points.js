import { short } from '../format.js';
import { MARGIN, heading, horizontalAxis, verticalAxis } from './frame.js';
import { extent, label, linear, ticks } from './scale.js';
import { ramp, svg, title } from './svg.js';

/** More than this are a grey cloud, and slow. */
const MOST = 3000;

/** Two numbers against each other; a third is the size and the colour. */
export function points({ fields, rows }, spec, { width, height }) {
  const drawn = kept(rows, spec);
  const [across, down] = [spec.x, spec.y].map((i) => extent(drawn.map((row) => Number(row[i]))));
  const [left, right, bottom] = [MARGIN.left, width - MARGIN.right, height - MARGIN.bottom];
  const [toX, toY] = [linear(across, [left, right]), linear(down, [bottom, MARGIN.top])];
  return {
    says: `Scatter plot of ${fields[spec.y].name} against ${fields[spec.x].name}, ${drawn.length} points, ${fields[spec.x].name} from ${short(across[0])} to ${short(across[1])}, ${fields[spec.y].name} from ${short(down[0])} to ${short(down[1])}.`,
    elements: [
      heading(`${fields[spec.y].name} against ${fields[spec.x].name}`, [], width),
      verticalAxis(toY, down, { left, right }, Math.max(2, Math.floor(height / 60))),
      horizontalAxis(ticks(...across, Math.max(2, Math.floor(width / 90))).map((value) => [toX(value), short(value)]), bottom, right + 12),
      ...dots({ fields, rows: drawn }, spec, toX, toY, 3),
    ],
  };
}

/** Longitude and latitude, as on a map: a degree of each as long as it is there. */
export function map({ fields, rows }, spec, { width, height }) {
  const drawn = kept(rows, spec);
  const [across, down] = [spec.x, spec.y].map((i) => extent(drawn.map((row) => Number(row[i]))));
  const squeeze = Math.cos((((down[0] + down[1]) / 2) * Math.PI) / 180);
  const [wide, high] = [width - 40, height - MARGIN.top - 20];
  const each = Math.min(wide / Math.max((across[1] - across[0]) * squeeze, 1e-9), high / Math.max(down[1] - down[0], 1e-9));
  const toX = (lon) => width / 2 + (lon - (across[0] + across[1]) / 2) * squeeze * each;
  const toY = (lat) => MARGIN.top + 6 + high / 2 - (lat - (down[0] + down[1]) / 2) * each;
  const [measure] = spec.measures;
  const most = measure === undefined ? null : drawn.reduce((best, row) => (Number(row[measure]) > Number(best[measure]) ? row : best));
  const of = measure === undefined ? 'places' : fields[measure].name;
  const top = most && spec.label !== undefined ? ` The most is ${label(most[spec.label], fields[spec.label])} with ${short(most[measure])}.` : '';
  return {
    says: `Map of ${of} at ${drawn.length} places.${top}`,
    elements: [heading(`${of} at ${drawn.length} places`, [], width), ...dots({ fields, rows: drawn }, spec, toX, toY, Math.max(2, Math.min(width, height) / 90))],
  };
}

function dots({ fields, rows }, { x, y, measures: [measure], label: name }, toX, toY, size) {
  const [least, greatest] = measure === undefined ? [0, 1] : extent(rows.map((row) => Number(row[measure] ?? 0)));
  // The largest first, so that none hides behind another.
  const ordered = measure === undefined ? rows : [...rows].sort((a, b) => Number(b[measure]) - Number(a[measure]));
  return ordered.map((row) => {
    const part = measure === undefined ? 0.6 : greatest === least ? 1 : (Number(row[measure] ?? 0) - least) / (greatest - least);
    const words = [name === undefined ? null : label(row[name], fields[name]), measure === undefined ? null : `${fields[measure].name}: ${short(row[measure] ?? 0)}`];
    return svg('circle', { class: 'dot', cx: toX(Number(row[x])), cy: toY(Number(row[y])), r: measure === undefined ? size : size * (0.4 + 1.5 * Math.sqrt(part)), fill: ramp(0.3 + part * 0.7), 'fill-opacity': 0.85 },
      title(words.filter(Boolean).join(', ') || `${short(row[x])}, ${short(row[y])}`));
  });
}

const kept = (rows, { x, y }) => rows.filter((row) => Number.isFinite(Number(row[x] ?? NaN)) && Number.isFinite(Number(row[y] ?? NaN))).slice(0, MOST);
