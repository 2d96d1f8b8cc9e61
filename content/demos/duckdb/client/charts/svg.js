const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; text where a child is a string. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, typeof value === 'number' ? +value.toFixed(2) : value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** What is said when something is pointed at. */
export const title = (text) => svg('title', {}, text);

/** The one accent: the colours of a UV test texture. */
export const COLORS = ['#7f8cff', '#27c4e8', '#3fdc8a', '#f2e34b', '#ff8a3d', '#ff5c97', '#c07bff'];
const RAMP = [[22, 24, 32], [58, 72, 190], [39, 196, 232], [63, 220, 138], [242, 227, 75]];

/** From dark to bright. @param {number} part from 0 to 1 */
export function ramp(part) {
  const at = Math.min(Math.max(part, 0), 1) * (RAMP.length - 1);
  const low = Math.min(Math.floor(at), RAMP.length - 2);
  return `rgb(${RAMP[low].map((from, i) => Math.round(from + (RAMP[low + 1][i] - from) * (at - low))).join(' ')})`;
}
