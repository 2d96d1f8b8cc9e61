/** Everything can be done with keys alone; where the focus is decides what they mean. */
export class Keyboard {
  constructor(grid) {
    this.grid = grid;
    const { signal } = grid.life;
    grid.mirror.element.addEventListener('keydown', (event) => this.#rows(event), { signal });
    grid.mirror.slider.addEventListener('keydown', (event) => this.#timeline(event), { signal });
    document.addEventListener('keydown', (event) => this.#anywhere(event), { signal });
  }

  #anywhere(event) {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select, textarea')) return;
    event.preventDefault();
    this.grid.filter.element.focus();
    this.grid.filter.element.select();
  }

  #rows(event) {
    const { grid } = this;
    const { selection, rows, scroll } = grid;
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey || rows.count === 0) return;
    const page = Math.max(1, Math.floor(scroll.visible) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      const index = Math.max(0, Math.min(rows.count - 1, selection.active + steps[event.key]));
      if (event.shiftKey) selection.extend(index);
      else if (command && event.key.startsWith('Arrow')) selection.active = index; // moves on and leaves what is selected
      else selection.only(index);
      scroll.reveal(index);
    } else if (event.key === ' ') {
      if (event.shiftKey) selection.extend(selection.active, true);
      else selection.toggle(selection.active);
    } else if (event.key === 'a' && command) selection.all(rows.count);
    else if (event.key === 'Escape') {
      selection.ranges = [];
      grid.timeline.brush = null;
    } else return;
    event.preventDefault();
    grid.focus = 'grid';
    grid.mirror.focus();
    grid.invalidate();
  }

  #timeline(event) {
    const { grid } = this;
    const { timeline, scroll } = grid;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const time = grid.timeOf(Math.floor(scroll.top));
    const span = timeline.to - timeline.from;
    const steps = { ArrowRight: 0.01, ArrowUp: 0.01, ArrowLeft: -0.01, ArrowDown: -0.01, PageUp: 0.1, PageDown: -0.1 };
    if (event.key in steps) {
      const to = Math.max(timeline.start, Math.min(timeline.end, time + steps[event.key] * span));
      if (event.shiftKey) this.#brush(time, to);
      grid.jump(to);
    } else if (event.key === 'Home') grid.scroll.to(0);
    else if (event.key === 'End') grid.scroll.to(Infinity);
    else if (event.key === '+' || event.key === '=') timeline.zoom(0.5, time);
    else if (event.key === '-') timeline.zoom(2, time);
    else if (event.key === '0') timeline.look(timeline.start, timeline.end - timeline.start);
    else if (event.key === 'Escape') timeline.brush = null;
    else return;
    event.preventDefault();
    grid.mirror.now();
    grid.invalidate();
  }

  #brush(from, to) {
    const { timeline } = this.grid;
    const before = timeline.brush ?? [from, from];
    timeline.brush = Math.abs(before[1] - from) <= Math.abs(before[0] - from) ? [before[0], to] : [to, before[1]];
    timeline.brush.sort((a, b) => a - b);
  }
}
