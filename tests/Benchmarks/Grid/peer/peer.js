// The peer: the same rows, from the same process over the same protocol with the same cache, as DOM elements. Rows are recycled by their number, so
// that scrolling by one row writes one row's texts and moves the others by a transform; a text is written only where it is another.

import { connect } from '/client/playground.js';
import * as protocol from './protocol.js';
import { Columns } from './columns.js';
import { Rows } from './rows.js';

const HEIGHT = 28;
const place = document.querySelector('.rows');
const config = await (await fetch('/config.json')).json();
const session = await connect(config.service, config);
const socket = session.socket('/');
const rows = new Rows((message) => socket.send(message), () => invalidate());
const columns = new Columns().fit(12, innerWidth - 14, innerWidth);
const state = { top: 0, velocity: 0, last: 0, missing: 0, shown: 0, work: [] };
let scheduled = false;

socket.addEventListener('message', ({ data }) => {
  if (typeof data === 'string') {
    rows.welcome(JSON.parse(data));
    invalidate();
  } else {
    const message = protocol.read(data);
    if (message.type === 'page') rows.put(message);
  }
});

const visible = Math.ceil(place.clientHeight / HEIGHT) + 1;
const pool = Array.from({ length: visible }, () => {
  const row = document.createElement('div');
  row.className = 'row';
  const cells = columns.map((column) => {
    const cell = column.key ? document.createElement('span') : document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    cell.setAttribute('class', column.end ? 'end' : '');
    Object.assign(cell.style, { left: `${column.x}px`, width: `${column.width}px` });
    if (column.key) cell.append('');
    else cell.append(document.createElementNS('http://www.w3.org/2000/svg', 'polyline'));
    row.append(cell);
    return cell.firstChild;
  });
  place.append(row);
  return { row, cells, shows: '' };
});

function invalidate() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(draw);
}

function draw(now) {
  scheduled = false;
  const began = performance.now();
  const first = Math.floor(state.top);
  state.missing = state.shown = 0;
  for (let index = first; index < Math.min(rows.count, first + visible); index++) {
    const slot = pool[index % visible];
    const content = rows.at(index);
    state.shown++;
    if (!content) state.missing++;
    const shows = content ? content.id : `coming`;
    slot.row.style.transform = `translateY(${Math.round((index - state.top) * HEIGHT)}px)`;
    if (slot.shows === shows) continue;
    slot.shows = shows;
    columns.forEach((column, i) => {
      if (!column.key) slot.cells[i].setAttribute('points', content ? points(content.trace, column.width - 16) : '');
      else {
        const text = content ? content[column.key] : '…';
        if (slot.cells[i].data !== text) slot.cells[i].data = text;
      }
    });
    const level = slot.cells[columns.findIndex(({ name }) => name === 'level')];
    if (level.parentNode.className !== (content?.levelName ?? '')) level.parentNode.className = content?.levelName ?? '';
  }
  const elapsed = now - state.last;
  state.velocity = elapsed > 0 && elapsed < 250 && state.before !== undefined ? ((state.top - state.before) / elapsed) * 1000 : 0;
  Object.assign(state, { last: now, before: state.top });
  rows.need(first, Math.min(rows.count - 1, first + visible), state.velocity);
  state.work.push(performance.now() - began);
}

const points = (trace, width) => Array.from({ length: 24 }, (_, i) => `${((i / 23) * width).toFixed(1)},${(16 - (((trace[i >> 1] >> ((i & 1) * 4)) & 15) / 15) * 16).toFixed(1)}`).join(' ');

place.addEventListener('wheel', (event) => {
  event.preventDefault();
  state.top = Math.max(0, Math.min(rows.count - place.clientHeight / HEIGHT, state.top + event.deltaY / HEIGHT));
  invalidate();
}, { passive: false });

globalThis.bench = {
  target: place, height: HEIGHT, rows,
  missing: () => [state.missing, state.shown],
  work: () => state.work.splice(0),
  to(top) { state.top = top; invalidate(); },
  ready: () => rows.words !== null && rows.has(Math.floor(state.top), Math.floor(state.top) + visible - 2),
};
