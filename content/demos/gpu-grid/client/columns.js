// Which columns there are, how wide they are, and which of them a window has room for.

/** `least` and `width` in CSS pixels; a column is shown from a window of `from` pixels on; the one without a width takes what is left. */
export const COLUMNS = [
  { name: 'row', title: 'Row', key: 'number', width: 100, least: 56, from: 760, end: true },
  { name: 'time', title: 'Time (UTC)', key: 'moment', width: 168, least: 96, from: 0 },
  { name: 'station', title: 'Station', key: 'station', width: 100, least: 56, from: 600 },
  { name: 'system', title: 'System', key: 'system', width: 96, least: 56, from: 860 },
  { name: 'level', title: 'Level', key: 'levelName', width: 76, least: 64, from: 600 },
  { name: 'message', title: 'Message', key: 'message', width: 0, least: 160, from: 0 },
  { name: 'took', title: 'Took', key: 'took', width: 84, least: 64, from: 680, end: true },
  { name: 'signal', title: 'Signal (dB)', key: 'signal', width: 92, least: 56, from: 980, end: true },
  { name: 'trace', title: 'Trace', key: null, width: 112, least: 64, from: 920 },
];

/** Below this a row is two lines and there are no columns. */
export const COMPACT = 600;

export class Columns {
  constructor() {
    /** What somebody has dragged them to. */
    this.widths = new Map();
    this.shown = [];
  }

  /** Lays them out between two edges. */
  fit(left, right, window) {
    const shown = COLUMNS.filter(({ from }) => window >= from);
    const fixed = shown.reduce((sum, column) => sum + (column.width && this.width(column)), 0);
    let x = left;
    this.shown = shown.map((column) => {
      const width = column.width ? this.width(column) : Math.max(column.least, right - left - fixed);
      const placed = { ...column, x, width, resizable: column.width > 0 };
      x += width;
      return placed;
    });
    return this.shown;
  }

  width(column) {
    return this.widths.get(column.name) ?? column.width;
  }

  resize(name, width) {
    const column = COLUMNS.find((each) => each.name === name);
    this.widths.set(name, Math.round(Math.max(column.least, Math.min(480, width))));
  }

  reset(name) {
    this.widths.delete(name);
  }

  /** The column whose edge is near. What is dragged is the side of it that is not the message's. */
  edgeAt(x, reach = 5) {
    const message = this.shown.findIndex(({ name }) => name === 'message');
    return this.shown.find((column, i) => column.resizable && Math.abs(x - (i < message ? column.x + column.width : column.x)) <= reach) ?? null;
  }

  /** Whether pulling its edge to the right makes it wider. */
  grows(name) {
    const index = (wanted) => this.shown.findIndex((column) => column.name === wanted);
    return index(name) < index('message');
  }
}
