import { put, say } from './attributes.js';

const WIDEST = 480;
const STEP = 8;

/** The edges of columns, as separators that keys move. They lie over the drawn ones; a mouse moves those: see pointer.js. */
export class Edges {
  constructor(grid) {
    this.grid = grid;
    this.element = grid.place.querySelector('.edges');
    this.element.replaceChildren();
    this.element.addEventListener('keydown', (event) => this.#key(event), { signal: grid.life.signal });
  }

  place(at) {
    const { columns } = this.grid;
    put(this.element, { top: `${at.header.y}px` });
    const resizable = at.compact ? [] : columns.shown.filter((column) => column.resizable);
    const message = columns.shown.findIndex(({ name }) => name === 'message');
    const kept = new Map([...this.element.children].map((edge) => [edge.dataset.column, edge]));
    for (const column of resizable) {
      const edge = kept.get(column.name) ?? this.#edge(column);
      kept.delete(column.name);
      say(edge, 'aria-valuenow', column.width);
      put(edge, { left: `${columns.shown.indexOf(column) < message ? column.x + column.width : column.x}px` });
    }
    for (const edge of kept.values()) edge.remove();
  }

  #edge(column) {
    const { grid } = this;
    const edge = document.createElement('div');
    edge.dataset.column = column.name;
    edge.tabIndex = 0;
    const said = { role: 'separator', 'aria-orientation': 'vertical', 'aria-label': `Width of ${column.title}`, 'aria-valuemin': column.least, 'aria-valuemax': WIDEST };
    for (const [name, value] of Object.entries(said)) edge.setAttribute(name, value);
    const focus = (what) => () => {
      grid.focus = what;
      grid.invalidate();
    };
    edge.addEventListener('focus', focus(`edge ${column.name}`), { signal: grid.life.signal });
    edge.addEventListener('blur', focus(''), { signal: grid.life.signal });
    this.element.append(edge);
    return edge;
  }

  #key(event) {
    const { columns, mirror } = this.grid;
    const name = event.target.dataset.column;
    const column = columns.shown.find((each) => each.name === name);
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!column) return;
    if (step) columns.resize(name, column.width + (columns.grows(name) ? step : -step));
    else if (event.key === 'Home') columns.resize(name, column.least);
    else if (event.key === 'Enter') columns.reset(name);
    else return;
    event.preventDefault();
    mirror.now();
    this.grid.invalidate();
  }

  close() {
    this.element.replaceChildren();
  }
}
