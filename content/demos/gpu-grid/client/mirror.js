import { Edges } from './edges.js';
import { put, say } from './attributes.js';

/** While rows fly past nobody reads them: the mirror waits until they rest, but never longer than this. */
const REST = 120;
const LONGEST = 1000;
const FAST = 40;

/**
 * What a screen reader, a magnifier, voice control and the keyboard find: a grid of the rows that are seen, each lying exactly over its picture, with
 * the focus in one of them. It is brought up to date when the view has come to rest, at once where a key moved it, and never in a frame that
 * only scrolls. The row that has the focus stays in the document wherever the view goes.
 */
export class Mirror {
  constructor(grid) {
    const { place } = grid;
    Object.assign(this, { grid, element: place.querySelector('.grid'), slider: place.querySelector('.timeline'), edges: new Edges(grid), graph: place.querySelector('.graph'), status: place.querySelector('[role=status]') });
    /** @type {Map<number, HTMLElement>} by their place in the view */
    this.rows = new Map();
    this.columns = '';
    this.since = 0;
    const { signal } = grid.life;
    this.header = this.#row();
    this.element.replaceChildren(this.header);
    this.element.addEventListener('focusin', (event) => this.#entered(event), { signal });
    this.element.addEventListener('focusout', () => this.#focused(''), { signal });
    this.slider.addEventListener('focus', () => this.#focused(this.slider.matches(':focus-visible') ? 'timeline' : ''), { signal });
    this.slider.addEventListener('blur', () => this.#focused(''), { signal });
    // Focus may not scroll what is laid out by hand.
    this.element.addEventListener('scroll', () => { this.element.scrollTop = 0; }, { signal });
    // A click that no pointer made: a screen reader's, or voice control's.
    this.element.addEventListener('click', (event) => event.detail === 0 && this.#clicked(event), { signal });
  }

  words() {
    this.columns = '';
    this.now();
  }

  say(text) {
    this.status.textContent = text;
  }

  later() {
    this.since ||= performance.now();
    if (this.waiting) return;
    this.waiting = setTimeout(() => {
      this.waiting = null;
      if (Math.abs(this.grid.scroll.velocity) > FAST && performance.now() - this.since < LONGEST) this.later();
      else this.now();
    }, REST);
  }

  /** Gives the focus to the active row. */
  focus() {
    const { selection, rows } = this.grid;
    selection.active = Math.max(0, Math.min(rows.count - 1, selection.active));
    this.now();
    (this.rows.get(selection.active) ?? this.header).focus({ preventScroll: true });
  }

  /** Brings everything to what is drawn. */
  now() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.since = 0;
    const { grid } = this;
    if (grid.closed || !grid.rows.words) return;
    const at = grid.picture.layout();
    put(this.element, { left: `${at.rows.x}px`, top: `${at.header.y}px`, width: `${at.rows.width}px`, height: `${at.header.height + at.rows.height}px` });
    put(this.slider, { left: `${at.timeline.x}px`, top: `${at.timeline.y - 8}px`, width: `${at.timeline.width}px`, height: `${at.timeline.height + 12}px` });
    put(this.graph, { left: `${at.graph.x}px`, top: `${at.graph.y}px`, width: `${at.graph.width}px`, height: `${at.graph.height}px` });
    say(this.element, 'aria-rowcount', grid.rows.count + 1);
    this.#columns(at);
    this.#rows(at);
    this.#slide();
    const { interval, work } = grid.frames.typical;
    say(this.graph, 'aria-label', `Frame times: drawn with ${grid.surface.title}, ${interval.toFixed(1)} ms apart, ${work.toFixed(1)} ms of work in each`);
  }

  #columns(at) {
    const shown = columnsOf(this.grid, at);
    const key = shown.map(({ name, width }) => `${name} ${width}`).join();
    if (key === this.columns) return;
    this.columns = key;
    this.shown = shown;
    say(this.element, 'aria-colcount', shown.length);
    say(this.header, 'aria-rowindex', 1);
    put(this.header, { height: `${Math.max(1, at.header.height)}px`, paddingLeft: at.compact ? '0' : '12px' });
    this.header.replaceChildren(...shown.map((column, i) => {
      const cell = document.createElement('div');
      cell.setAttribute('role', 'columnheader');
      cell.setAttribute('aria-colindex', i + 1);
      cell.textContent = column.title;
      cell.style.width = `${column.width}px`;
      return cell;
    }));
    for (const row of this.rows.values()) row.shows = null;
    this.edges.place(at);
  }

  #rows(at) {
    const { grid } = this;
    const { scroll, selection, rows } = grid;
    const first = Math.floor(scroll.top);
    const last = Math.min(rows.count - 1, Math.ceil(scroll.top + scroll.visible) - 1);
    const wanted = [];
    for (let index = first; index <= last; index++) wanted.push(index);
    const active = Math.max(0, Math.min(rows.count - 1, selection.active));
    if (rows.count > 0 && active < first) wanted.unshift(active);
    else if (rows.count > 0 && active > last) wanted.push(active);
    const gone = [...this.rows.keys()].filter((index) => !wanted.includes(index));
    const spare = gone.map((index) => this.rows.get(index)).filter((row) => row !== document.activeElement);
    for (const index of gone) {
      this.rows.get(index).remove();
      this.rows.delete(index);
    }
    let next = this.header.nextSibling;
    for (const index of wanted) {
      let row = this.rows.get(index);
      if (!row) this.rows.set(index, (row = spare.pop() ?? this.#row()));
      this.#fill(row, index, at);
      const inView = index >= first && index <= last;
      put(row, { height: `${at.rowHeight}px`, transform: `translateY(${inView ? Math.round(at.header.height + (index - scroll.top) * at.rowHeight) : index < first ? -2 * at.rowHeight : at.header.height + at.rows.height + at.rowHeight}px)` });
      // In the order they are read; the row with the focus is never moved, which would take the focus from it.
      if (row === next) next = next.nextSibling;
      else if (row === document.activeElement && row.parentNode) next = row.nextSibling;
      else this.element.insertBefore(row, next);
    }
  }

  #row() {
    const row = document.createElement('div');
    row.setAttribute('role', 'row');
    return row;
  }

  #fill(row, index, at) {
    const { rows, selection } = this.grid;
    say(row, 'aria-rowindex', index + 2);
    say(row, 'aria-selected', selection.has(index));
    const tab = index === selection.active ? 0 : -1;
    if (row.tabIndex !== tab) row.tabIndex = tab;
    row.index = index;
    const content = rows.at(index);
    const shows = content ? `${rows.view} ${content.id}` : `coming ${index}`;
    if (row.shows === shows) return;
    row.shows = shows;
    row.style.paddingLeft = at.compact ? '0' : '12px';
    const texts = content ? this.shown.map((column) => (column.key ? content[column.key] : `peak ${peak(content.trace)} of 15`)) : [`Row ${index + 1} is on its way`];
    while (row.children.length > texts.length) row.lastChild.remove();
    texts.forEach((text, i) => {
      let cell = row.children[i];
      if (!cell) {
        cell = document.createElement('div');
        cell.setAttribute('role', 'gridcell');
        row.append(cell);
      }
      say(cell, 'aria-colindex', i + 1);
      if (cell.textContent !== text) cell.textContent = text;
      cell.style.width = content ? `${this.shown[i].width}px` : '';
    });
  }

  #slide() {
    const { grid } = this;
    const index = Math.min(Math.max(0, grid.rows.count - 1), Math.floor(grid.scroll.top));
    say(this.slider, 'aria-valuemin', Math.min(1, grid.rows.count));
    say(this.slider, 'aria-valuemax', Math.max(1, grid.rows.count));
    say(this.slider, 'aria-valuenow', Math.min(grid.rows.count, index + 1));
    say(this.slider, 'aria-valuetext', grid.timeline.spoken(grid.timeOf(index), index, grid.rows.count));
  }

  #entered(event) {
    const { selection, scroll } = this.grid;
    const index = event.target.closest('[role=row]')?.index;
    if (!this.element.contains(event.relatedTarget) && event.target.matches(':focus-visible') && index !== undefined && (index < scroll.top || index + 1 > scroll.top + scroll.visible)) {
      // Whoever comes back finds the focus in what is seen, not where it was left a million rows ago.
      selection.active = Math.min(this.grid.rows.count - 1, Math.ceil(scroll.top));
      this.focus();
    }
    this.#focused(event.target.matches(':focus-visible') ? 'grid' : '');
  }

  #focused(what) {
    this.grid.focus = what;
    this.grid.invalidate();
  }

  #clicked(event) {
    const index = event.target.closest('[role=row]')?.index;
    if (index === undefined) return;
    this.grid.selection.only(index);
    this.focus();
  }

  close() {
    clearTimeout(this.waiting);
    this.element.replaceChildren();
    this.edges.close();
    this.status.textContent = '';
  }
}

/** On a phone the drawn row has four of them. */
function columnsOf(grid, at) {
  if (!at.compact) return grid.columns.shown;
  const names = ['time', 'station', 'level', 'message'];
  return names.map((name) => ({ ...COMPACT_COLUMNS[name], name, width: name === 'message' ? at.rows.width : 0 }));
}

const COMPACT_COLUMNS = {
  time: { title: 'Time (UTC)', key: 'moment' }, station: { title: 'Station', key: 'station' }, level: { title: 'Level', key: 'levelName' }, message: { title: 'Message', key: 'message' },
};

function peak(trace) {
  let most = 0;
  for (const two of trace) most = Math.max(most, two & 15, two >> 4);
  return most;
}
