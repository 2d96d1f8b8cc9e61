import { MONO, SANS } from './grid.js';
import { Tiles } from './tiles.js';
import { uv } from './palette.js';
import { grouped, moment } from './words.js';

export const FOOTER = 36;
const EDGE = 14;

/** Where everything is, and how it is drawn. Between frames the layout is remembered, and what only moves: see tiles.js. */
export class Picture {
  constructor(grid) {
    this.grid = grid;
    this.tiles = new Tiles(this);
  }

  layout() {
    const { grid } = this;
    const [width, height] = [grid.place.clientWidth, grid.place.clientHeight];
    const compact = grid.compact;
    const filter = { x: 12, y: 10, width: width - 24, height: compact ? 44 : 38 };
    const timeline = { x: 16, y: filter.y + filter.height + 14, width: width - 32, height: height < 420 ? 54 : compact ? 84 : 96 };
    const header = { x: 0, y: timeline.y + timeline.height + 12, width, height: compact ? 0 : 28 };
    const rowHeight = compact ? 56 : 28;
    const rows = { x: 0, y: header.y + header.height, width: width - EDGE, height: Math.max(rowHeight, height - FOOTER - header.y - header.height) };
    const footer = { x: 0, y: height - FOOTER, width, height: FOOTER };
    const bar = { x: width - EDGE, y: rows.y, width: EDGE, height: rows.height };
    const graph = { width: compact ? 96 : Math.min(480, 2 * Math.floor(Math.max(120, width - 660) / 2)), height: 24 };
    graph.x = width - graph.width - 16;
    graph.y = footer.y + 6;
    grid.columns.fit(12, rows.width, width);
    grid.scroll.fit(grid.rows.count, rows.height / rowHeight);
    this.fonts(compact);
    return (this.at = { width, height, compact, filter, timeline, header, rowHeight, rows, footer, bar, graph });
  }

  fonts(compact) {
    const { surface } = this.grid;
    this.mono = surface.font(MONO, 13, true);
    this.small = surface.font(MONO, 11, true);
    this.field = surface.font(MONO, compact ? 16 : 14, true);
    this.sans = surface.font(SANS, 12);
  }

  /** Which row is at a height, in pixels of the place; it may be beyond the last. */
  rowAt(y) {
    const { rows, rowHeight } = this.at;
    return Math.floor(this.grid.scroll.top + (y - rows.y) / rowHeight);
  }

  /** The top of a row, in pixels of the place. */
  yOf(index) {
    const { rows, rowHeight } = this.at;
    return rows.y + (index - this.grid.scroll.top) * rowHeight;
  }

  /** The scroll bar's thumb. */
  thumb() {
    const { bar } = this.at;
    const { scroll } = this.grid;
    const height = Math.max(36, bar.height * Math.min(1, scroll.visible / Math.max(1, scroll.count)));
    return { y: bar.y + (scroll.end > 0 ? scroll.top / scroll.end : 0) * (bar.height - height), height };
  }

  draw(painter) {
    const { grid, at } = this;
    const { colours } = grid;
    this.tiles.prepare(painter);
    this.#rows(painter, colours);
    this.#bar(painter, colours);
    if (!at.compact) this.#header(painter, colours);
    const seen = [grid.timeOf(Math.floor(grid.scroll.top)), grid.timeOf(Math.floor(grid.scroll.top + grid.scroll.visible))];
    grid.timeline.draw(painter, colours, at.timeline, seen, grid.focus === 'timeline');
    grid.filter.draw(painter, colours, this, at.filter);
    this.#footer(painter, colours, seen[0]);
  }

  #rows(painter, colours) {
    const { grid, at } = this;
    const { rows } = at;
    this.tiles.draw(painter);
    if (grid.rows.count === 0 && grid.rows.words && grid.scanned >= grid.rows.total) {
      painter.text(this.sans, 'No row is like that.', 16, rows.y + 40, colours.quiet);
    }
  }

  #bar(painter, colours) {
    const { bar } = this.at;
    const pieces = 48;
    for (let i = 0; i < pieces; i++) {
      painter.box(bar.x + 6, bar.y + (bar.height / pieces) * i, 2, bar.height / pieces + 0.5, colours.forced ? colours.line : uv(this.grid.timeline.part(this.grid.timeline.timeOf((this.grid.rows.count * (i + 0.5)) / pieces)), 0.55));
    }
    const thumb = this.thumb();
    painter.box(bar.x + 3, thumb.y, 8, thumb.height, colours.ground, 4, 2, colours.text);
  }

  #header(painter, colours) {
    const { header } = this.at;
    painter.box(header.x, header.y, header.width, header.height, colours.raised);
    painter.box(header.x, header.y + header.height - 1, header.width, 1, colours.line);
    const message = this.grid.columns.shown.findIndex(({ name }) => name === 'message');
    this.grid.columns.shown.forEach((column, i) => {
      const [left, right] = [column.x + 8, column.x + column.width - 8];
      if (column.end) painter.textEnd(this.sans, column.title, right, header.y + 18, colours.quiet);
      else painter.text(this.sans, column.title, left, header.y + 18, colours.quiet, right - left);
      if (!column.resizable) return;
      const edge = i < message ? column.x + column.width : column.x;
      const near = this.grid.focus === `edge ${column.name}` || this.grid.pulled === column.name;
      painter.box(edge - (near ? 1 : 0.5), header.y + (near ? 2 : 8), near ? 2 : 1, header.height - (near ? 4 : 16), near ? colours.focus : colours.line);
    });
  }

  #footer(painter, colours, time) {
    const { grid } = this;
    const { footer, graph, compact } = this.at;
    // Around the graph, which lies below all boxes because it is put there as a piece.
    painter.box(footer.x, footer.y, graph.x, footer.height, colours.raised);
    painter.box(graph.x + graph.width, footer.y, footer.width - graph.x - graph.width, footer.height, colours.raised);
    painter.box(graph.x, footer.y, graph.width, graph.y - footer.y, colours.raised);
    painter.box(graph.x, graph.y + graph.height, graph.width, footer.y + footer.height - graph.y - graph.height, colours.raised);
    painter.box(footer.x, footer.y, footer.width, 1, colours.line);
    const baseline = footer.y + 22;
    const { interval, work } = grid.frames.typical;
    const rate = interval > 0 ? `${Math.round(1000 / interval)}/s` : '–';
    const figures = compact ? `${work.toFixed(1)} ms` : `${grid.surface.title}  ${rate}  ${work.toFixed(1)} ms`;
    const end = graph.x - 10;
    const left = painter.textEnd(this.small, figures, end, baseline, colours.quiet);
    grid.frames.draw(painter, colours, graph, this.tiles.graphAt);
    const room = end - left - 32;
    const selected = grid.selection.count;
    let text = grid.message || grid.wrong;
    if (!text && selected > 1) text = `${grouped(selected)} selected`;
    if (!text && grid.timeline.brush) text = `about ${grouped(grid.timeline.brushed)} rows in the brush`;
    if (!text && grid.rows.words) text = compact ? moment(time, false) : `Row ${grouped(Math.min(grid.rows.count, Math.floor(grid.scroll.top) + 1))}  ·  ${moment(time, false)} UTC`;
    painter.text(compact ? this.small : this.mono, text, 16, baseline, grid.wrong ? colours.warn : colours.text, room);
  }
}
