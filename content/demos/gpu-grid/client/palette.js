import { rgba } from './draw/painter.js';

// Colours come from where the page's own come from: the stage's custom properties, or the system's where a person has chosen those. A canvas is
// left alone by forced colours, so it has to ask.

const UV = [[0x5b, 0x6c, 0xff], [0x27, 0xc4, 0xe8], [0x3f, 0xdc, 0x8a], [0xf2, 0xe3, 0x4b], [0xff, 0x8a, 0x3d], [0xff, 0x3d, 0x81], [0xb0, 0x4b, 0xff]];

/** The one accent: a colour for each place on a line from 0 to 1. */
export function uv(part, alpha = 1) {
  const at = Math.max(0, Math.min(0.9999, part)) * (UV.length - 1);
  const [a, b, f] = [UV[Math.floor(at)], UV[Math.floor(at) + 1], at % 1];
  return rgba(Math.round(a[0] + (b[0] - a[0]) * f), Math.round(a[1] + (b[1] - a[1]) * f), Math.round(a[2] + (b[2] - a[2]) * f), alpha);
}

const media = (query) => matchMedia(query);
export const QUERIES = ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)', '(prefers-reduced-motion: reduce)'];

/** @param {HTMLElement} probe wears the system's colours where they are forced */
export function palette(probe) {
  const dark = media(QUERIES[0]).matches;
  if (media(QUERIES[1]).matches) return forced(probe);
  const style = getComputedStyle(document.documentElement);
  const own = (name) => parse(style.getPropertyValue(name).trim());
  const strong = media(QUERIES[2]).matches;
  const text = own('--text');
  const colours = {
    dark, forced: false, ground: dark ? [0x0a, 0x0b, 0x0d] : own('--raised'), raised: dark ? own('--raised') : own('--ground'), line: own('--line'), text,
    quiet: strong ? text : own('--quiet'), focus: own('--focus'), warn: dark ? [0xff, 0xc1, 0x6b] : [0x8a, 0x4b, 0x00], error: dark ? [0xff, 0x7a, 0x85] : [0xb4, 0x16, 0x2c],
    selected: own('--focus'),
  };
  return packed(colours);
}

function forced(probe) {
  const style = getComputedStyle(probe);
  const [text, ground, highlight, link] = [style.color, style.backgroundColor, style.outlineColor, style.borderTopColor].map(parse);
  return packed({ dark: false, forced: true, ground, raised: ground, line: text, text, quiet: text, focus: highlight, warn: text, error: link, selected: highlight });
}

function packed(colours) {
  const all = { dark: colours.dark, forced: colours.forced, clear: colours.ground.map((each) => each / 255) };
  for (const [name, value] of Object.entries(colours)) if (Array.isArray(value)) all[name] = rgba(...value);
  return all;
}

function parse(colour) {
  if (colour.startsWith('#')) {
    const digits = colour.length === 4 ? [...colour.slice(1)].map((d) => d + d).join('') : colour.slice(1);
    return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
  }
  return (colour.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);
}
