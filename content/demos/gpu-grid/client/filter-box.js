import { faded } from './draw/painter.js';
import { uv } from './palette.js';
import { grouped } from './words.js';

const HINT = 'storm  station:ørsta  level>=warn  duration>2s';
const WAIT = 60;
const BLINK = 530;

/**
 * A text field of which the browser has everything but the picture: the real one lies over it with transparent letters, in the same typeface, at the
 * same size and with the same spacing. So the caret, a selection, an input method's candidate window, dictation and paste are where they look to be.
 */
export class FilterBox {
  constructor(grid) {
    this.grid = grid;
    this.element = grid.place.querySelector('.filter');
    this.composing = null;
    this.sent = '';
    this.lit = 0;
    this.element.value = '';
    const { signal } = grid.life;
    const on = (name, act) => this.element.addEventListener(name, act, { signal });
    on('input', () => this.#changed());
    on('scroll', () => grid.invalidate());
    on('compositionstart', () => { this.composing = this.element.selectionStart; });
    on('compositionend', () => { this.composing = null; this.#changed(); });
    on('focus', () => { grid.focus = 'filter'; this.#blink(); });
    on('blur', () => { if (grid.focus === 'filter') grid.focus = ''; clearTimeout(this.blinking); grid.invalidate(); });
    on('keydown', (event) => this.#key(event));
    document.addEventListener('visibilitychange', () => grid.focus === 'filter' && this.#blink(), { signal });
    document.addEventListener('selectionchange', () => grid.focus === 'filter' && this.#blink(), { signal });
  }

  get text() {
    return this.element.value;
  }

  #changed() {
    this.grid.invalidate();
    // What an input method is still composing is not searched for.
    if (this.composing !== null) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      if (this.text === this.sent) return;
      this.sent = this.text;
      this.grid.look(this.text);
    }, WAIT);
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === 'Escape' && this.text !== '') {
      this.element.value = '';
      this.#changed();
    } else if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') this.grid.mirror.focus();
    else return;
    event.preventDefault();
  }

  /** The caret is lit again by whatever happens, and stays lit where motion is unwanted. */
  #blink() {
    clearTimeout(this.blinking);
    this.lit = true;
    this.grid.invalidate();
    if (this.grid.scroll.still.matches || document.hidden) return;
    const turn = () => {
      if (document.hidden) return; // it begins again when somebody looks
      this.lit = !this.lit;
      this.grid.invalidate();
      this.blinking = setTimeout(turn, BLINK);
    };
    this.blinking = setTimeout(turn, BLINK);
  }

  /** Lays the real field over the drawn one. */
  place({ filter, compact }) {
    const font = this.grid.picture.field;
    const inner = this.inner(filter, compact);
    const key = `${inner.x} ${inner.width} ${filter.y} ${filter.height} ${font.spacing} ${compact}`;
    if (key === this.placed) return;
    this.placed = key;
    Object.assign(this.element.style, {
      left: `${inner.x}px`, top: `${filter.y}px`, width: `${inner.width}px`, height: `${filter.height}px`,
      font: `400 ${compact ? 16 : 14}px var(--mono)`, letterSpacing: `${font.spacing}px`,
    });
  }

  inner(filter, compact) {
    return { x: filter.x + 38, width: filter.width - 38 - (compact ? 104 : 268) };
  }

  draw(painter, colours, picture, box) {
    const { grid, element } = this;
    const { compact } = picture.at;
    const focused = grid.focus === 'filter';
    painter.box(box.x, box.y, box.width, box.height, colours.raised, 10, focused ? 2 : 1, focused ? colours.focus : grid.wrong ? colours.warn : colours.line);
    this.#glass(painter, colours, box);
    const inner = this.inner(box, compact);
    const font = picture.field;
    const baseline = box.y + box.height / 2 + (compact ? 5.5 : 5);
    painter.clip(inner.x, box.y, inner.width, box.height);
    const { value } = element;
    const width = (text) => font.run(text).width / painter.ratio;
    const left = inner.x - element.scrollLeft;
    if (value === '') painter.text(font, HINT, inner.x, baseline, faded(colours.quiet, colours.forced ? 1 : 0.8), inner.width);
    const [start, end] = [element.selectionStart, element.selectionEnd];
    if (focused && end > start) painter.box(left + width(value.slice(0, start)), box.y + 8, width(value.slice(start, end)), box.height - 16, faded(colours.focus, 0.35), 2);
    painter.text(font, value, left, baseline, colours.text);
    if (this.composing !== null) painter.box(left + width(value.slice(0, this.composing)), baseline + 3, width(value.slice(this.composing, end)), 1, colours.text);
    if (focused && this.lit && start === end) painter.box(left + width(value.slice(0, start)), box.y + 9, 1.5, box.height - 18, colours.text);
    painter.unclip();
    this.#count(painter, colours, picture, box, baseline);
  }

  #glass(painter, colours, { x, y, height }) {
    const middle = y + height / 2;
    painter.box(x + 13, middle - 8, 13, 13, 0, 6.5, 1.5, colours.quiet);
    painter.line(x + 24.5, middle + 3.5, x + 28, middle + 7, 1.8, colours.quiet);
  }

  #count(painter, colours, picture, box, baseline) {
    const { rows, scanned } = this.grid;
    const { compact } = picture.at;
    if (!rows.words) return;
    const all = this.grid.isAll;
    const text = all ? `${grouped(rows.total)}${compact ? '' : ' rows'}` : `${grouped(rows.count)}${compact ? '' : ` of ${grouped(rows.total)}`}`;
    painter.textEnd(picture.mono, text, box.x + box.width - 14, baseline, all ? colours.quiet : colours.text);
    if (all || scanned >= rows.total) return;
    // The search, as far as it is.
    const pieces = 40;
    for (let i = 0; i < pieces * (scanned / rows.total); i++) painter.box(box.x + 10 + ((box.width - 20) / pieces) * i, box.y + box.height - 2, (box.width - 20) / pieces + 0.5, 2, uv(i / pieces));
  }

  close() {
    clearTimeout(this.blinking);
    clearTimeout(this.waiting);
  }
}
