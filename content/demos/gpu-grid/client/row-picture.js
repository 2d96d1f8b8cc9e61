import { faded } from './draw/painter.js';
import { uv } from './palette.js';

const SAMPLES = 24;

/** Which of the five levels deserve a colour, and which. */
const strong = (colours, level) => (level === 4 ? colours.error : level === 3 ? colours.warn : level === 2 ? colours.text : colours.quiet);

export function drawRow(painter, picture, row, y) {
  const { grid, at } = picture;
  const { colours, timeline } = grid;
  const colour = strong(colours, row.level);
  painter.box(0, y, 3, at.rowHeight, colours.forced ? colours.line : uv(timeline.part(row.time)));
  if (at.compact) return drawCompact(painter, picture, row, y, colour);
  const baseline = y + at.rowHeight / 2 + 4.5;
  for (const column of grid.columns.shown) {
    const [left, right] = [column.x + 8, column.x + column.width - 8];
    if (column.name === 'trace') drawTrace(painter, row.trace, left, y + 6, right - left, at.rowHeight - 12, colour);
    else if (column.name === 'level') drawLevel(painter, picture, row, left, y, column.width - 12, baseline);
    else if (column.end) painter.textEnd(picture.mono, row[column.key], right, baseline, colours.quiet);
    else painter.text(picture.mono, row[column.key], left, baseline, column.name === 'message' ? (row.level === 0 ? colours.quiet : colours.text) : column.name === 'station' ? colours.text : colours.quiet, right - left);
  }
}

/** Two lines on a phone: when and where above, what below. */
function drawCompact(painter, picture, row, y, colour) {
  const { grid, at, mono, small } = picture;
  const { colours } = grid;
  const right = at.rows.width - 10;
  let x = 14;
  x += painter.text(small, row.moment.slice(0, 15), x, y + 21, colours.quiet) + 10;
  x += painter.text(small, row.station, x, y + 21, colours.text) + 10;
  painter.text(small, row.levelName, x, y + 21, colour);
  drawTrace(painter, row.trace, right - 64, y + 8, 64, 16, colour);
  painter.text(mono, row.message, 14, y + 42, row.level === 0 ? colours.quiet : colours.text, right - 14);
}

function drawLevel(painter, picture, row, x, y, width, baseline) {
  const { colours } = picture.grid;
  const colour = strong(colours, row.level);
  if (row.level >= 3) {
    const text = picture.mono.run(row.levelName).width / painter.ratio;
    painter.box(x - 5, y + 5, Math.min(width, text + 10), picture.at.rowHeight - 10, faded(colour, colours.forced ? 0 : 0.14), 6, 1, faded(colour, 0.55));
  }
  painter.text(picture.mono, row.levelName, x, baseline, colour, width);
}

function drawTrace(painter, trace, x, y, width, height, colour) {
  const at = (i) => y + height - (((trace[i >> 1] >> ((i & 1) * 4)) & 15) / 15) * height;
  const step = width / (SAMPLES - 1);
  for (let i = 1; i < SAMPLES; i++) painter.line(x + (i - 1) * step, at(i - 1), x + i * step, at(i), 1.1, colour);
}

/** A row that has not come yet: where its words will be. */
export function drawPlaceholder(painter, picture, index, y) {
  const { grid, at } = picture;
  const fill = faded(grid.colours.text, 0.09);
  const long = 0.35 + (((index * 2654435761) >>> 0) % 100) / 180;
  if (at.compact) {
    painter.box(14, y + 13, 130, 9, fill, 4);
    painter.box(14, y + 33, (at.rows.width - 40) * long, 10, fill, 4);
    return;
  }
  for (const column of grid.columns.shown) {
    const room = column.width - 16;
    const width = column.name === 'message' ? Math.min(room, room * long) : room * 0.8;
    painter.box(column.end ? column.x + 8 + room - width : column.x + 8, y + at.rowHeight / 2 - 5, width, 10, fill, 4);
  }
}
