import { short } from '../format.js';
import { svg, COLORS } from './svg.js';
import { ticks } from './scale.js';

/** Room around what is drawn, in pixels. */
export const MARGIN = { top: 26, right: 16, bottom: 30, left: 54 };

/** Lines and numbers up the left side. */
export function verticalAxis(scale, [least, greatest], { left, right }, wanted) {
  return svg('g', { class: 'axis' }, ...ticks(least, greatest, wanted).flatMap((value) => [
    svg('line', { x1: left, x2: right, y1: scale(value), y2: scale(value) }),
    svg('text', { x: left - 8, y: scale(value), dy: '.32em', 'text-anchor': 'end' }, short(value)),
  ]));
}

/** Labels along the bottom; one that would be cut off by the right edge ends there. @param {[number, string][]} places @param {number} [right] where there is no room any more */
export function horizontalAxis(places, y, right = Infinity) {
  return svg('g', { class: 'axis' }, ...places.map(([x, text]) => {
    const isLast = x + text.length * 3.6 > right;
    return svg('text', { x: isLast ? right : x, y: y + 18, 'text-anchor': isLast ? 'end' : 'middle' }, text);
  }));
}

/** What the drawing is of, and which colour is which. */
export function heading(text, series, width) {
  const group = svg('g', { class: 'heading' }, svg('text', { x: 12, y: 15 }, text));
  let x = width - 12;
  for (const [i, name] of [...series.entries()].reverse()) {
    x -= name.length * 7;
    group.append(svg('text', { x, y: 15, fill: COLORS[i % COLORS.length] }, name));
    x -= 14;
    group.append(svg('circle', { cx: x + 6, cy: 11, r: 4, fill: COLORS[i % COLORS.length] }));
    x -= 12;
  }
  return group;
}
