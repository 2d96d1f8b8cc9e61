import { drawPlaceholder, drawRow } from './row-picture.js';
import { faded } from './draw/painter.js';

/** Faster than this, in rows per frame, a tile would be past before it paid. */
const FAST = 6;

/**
 * What only moves is moved. Rows are drawn eight at a time into a texture that stays, once, and again when something about them changes; a frame that
 * scrolls puts the pieces where they are now, and draws anew what came into view. The bars of the timeline stay in the same texture, and those of the frame graph. Where rows fly by
 * they are drawn straight to the screen.
 */
export class Tiles {
  constructor(picture) {
    Object.assign(this, { picture, slots: [], size: '', bars: '' });
  }

  /** Draws what is missing, and tells where everything is. Before anything is drawn to the screen. */
  prepare(painter) {
    const { picture } = this;
    const { grid, at } = picture;
    const rows = at.compact ? 4 : 8;
    const pitch = Math.ceil(rows * at.rowHeight * painter.ratio);
    const slots = Math.ceil(at.rows.height / (rows * at.rowHeight)) + 1;
    const barsHeight = Math.ceil(at.timeline.height * painter.ratio);
    const graphHeight = Math.round(at.graph.height * painter.ratio);
    const [width, height] = [Math.ceil(at.width * painter.ratio), slots * pitch + barsHeight + graphHeight];
    // Whatever everything depends on; what a single row depends on is in its tile's name.
    const size = [width, height, grid.surface.atlas.generation, grid.surface.recoveries, grid.surface.title, grid.looks, grid.columns.shown.map((each) => each.width), at.compact].join();
    if (size !== this.size) {
      Object.assign(this, { size, bars: '', fresh: true, slots: Array.from({ length: slots }, () => ({ tile: -1, shows: '' })) });
      grid.frames.drawn = 0;
    }
    Object.assign(this, { rows, pitch, barsAt: slots * pitch, graphAt: slots * pitch + barsHeight });
    painter.onLayer(width, height);
    this.#bars(painter, width, barsHeight);
    this.#graph(painter, width);
    this.direct = Math.abs(grid.scroll.velocity) / 60 > FAST;
    if (!this.direct) this.#rows(painter, width);
    painter.onScreen();
  }

  #bars(painter, width, height) {
    const { grid, at, small } = this.picture;
    const { timeline } = grid;
    timeline.box = at.timeline;
    const shows = [timeline.from, timeline.to, timeline.drawn, at.timeline.height].join();
    if (shows === this.bars) return;
    this.bars = shows;
    const y = this.barsAt / painter.ratio;
    painter.clip(0, y, width, height / painter.ratio);
    painter.box(0, y, width / painter.ratio, height / painter.ratio, grid.colours.ground);
    timeline.drawBars(painter, grid.colours, small, { ...at.timeline, y });
    painter.unclip();
    if (painter.missing) this.bars = '';
  }

  #graph(painter, width) {
    const { grid, at } = this.picture;
    const y = this.graphAt / painter.ratio;
    if (this.fresh) painter.box(0, y, width / painter.ratio, at.graph.height, grid.colours.raised);
    this.fresh = false;
    grid.frames.drawNew(painter, grid.colours, y, at.graph.width, at.graph.height);
  }

  #rows(painter, width) {
    const { grid, at } = this.picture;
    const { scroll } = grid;
    const [first, last] = [Math.floor(scroll.top / this.rows), Math.floor(Math.min(grid.rows.count - 1, scroll.top + scroll.visible) / this.rows)];
    this.placed = [];
    for (let tile = first; tile <= last && grid.rows.count > 0; tile++) {
      const slot = this.#slot(tile, first, last);
      const shows = this.#shows(tile);
      this.placed.push([tile, slot]);
      if (slot.tile === tile && slot.shows === shows) continue;
      Object.assign(slot, { tile, shows });
      const top = (this.slots.indexOf(slot) * this.pitch) / painter.ratio;
      painter.clip(0, top, width / painter.ratio, this.pitch / painter.ratio);
      painter.box(0, top, width / painter.ratio, this.pitch / painter.ratio, grid.colours.ground);
      painter.missing = false;
      for (let i = 0; i < this.rows && tile * this.rows + i < grid.rows.count; i++) this.row(painter, tile * this.rows + i, top + i * at.rowHeight);
      if (painter.missing) slot.shows = '';
    }
    painter.unclip();
  }

  /** The one it has, or one that is not needed now. */
  #slot(tile, first, last) {
    return this.slots.find((slot) => slot.tile === tile) ?? this.slots.find((slot) => slot.tile < first || slot.tile > last);
  }

  /** All that a tile's picture depends on. */
  #shows(tile) {
    const { grid } = this.picture;
    let shows = `${grid.rows.view} `;
    for (let index = tile * this.rows; index < Math.min(grid.rows.count, (tile + 1) * this.rows); index++) {
      const mark = (grid.selection.has(index) ? 1 : 0) + (index === grid.hover ? 2 : 0) + (grid.focus === 'grid' && index === grid.selection.active ? 4 : 0);
      shows += `${grid.rows.at(index)?.id ?? '-'},${mark} `;
    }
    return shows;
  }

  row(painter, index, y) {
    const { picture } = this;
    const { grid, at } = picture;
    const { colours } = grid;
    const { rowHeight, rows } = at;
    if (grid.selection.has(index)) painter.box(0, y, rows.width, rowHeight, faded(colours.selected, colours.forced ? 0.35 : 0.16));
    else if (index === grid.hover) painter.box(0, y, rows.width, rowHeight, faded(colours.text, 0.04));
    painter.box(12, y + rowHeight - 1 / painter.ratio, rows.width - 12, 1 / painter.ratio, faded(colours.line, 0.6));
    const row = grid.rows.at(index);
    if (row) drawRow(painter, picture, row, y);
    else drawPlaceholder(painter, picture, index, y);
    if (index === grid.selection.active && grid.focus === 'grid') painter.box(3, y + 1, rows.width - 5, rowHeight - 2, 0, 5, 2, colours.focus);
  }

  /** Puts the rows on the screen. */
  draw(painter) {
    const { picture } = this;
    const { grid, at } = picture;
    const width = Math.round(at.rows.width * painter.ratio);
    painter.clip(0, at.timeline.y, at.width, at.timeline.height);
    painter.tile(0, Math.round(at.timeline.y * painter.ratio), Math.ceil(at.width * painter.ratio), Math.ceil(at.timeline.height * painter.ratio), 0, this.barsAt);
    painter.clip(at.rows.x, at.rows.y, at.rows.width, at.rows.height);
    if (this.direct) {
      const last = Math.min(grid.rows.count - 1, Math.floor(grid.scroll.top + grid.scroll.visible));
      // All of a row moves by whole pixels together: a letter is never between two.
      for (let index = Math.floor(grid.scroll.top); index <= last; index++) this.row(painter, index, Math.round(picture.yOf(index) * painter.ratio) / painter.ratio);
    } else {
      for (const [tile, slot] of this.placed) {
        const left = Math.min(this.rows, grid.rows.count - tile * this.rows);
        painter.tile(0, Math.round(picture.yOf(tile * this.rows) * painter.ratio), width, Math.round(left * at.rowHeight * painter.ratio), 0, this.slots.indexOf(slot) * this.pitch);
      }
    }
    painter.unclip();
  }
}
