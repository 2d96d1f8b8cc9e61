/** Pixels that a finger may stray and still tap. */
const STRAY = 8;

/** Mouse, pen and finger. What lies where is asked of the layout: the elements of the mirror are there too, and say the same. */
export class Pointer {
  constructor(grid) {
    Object.assign(this, { grid, doing: null, fingers: new Map() });
    const { signal } = grid.life;
    const on = (name, act, options) => grid.place.addEventListener(name, act.bind(this), { signal, ...options });
    on('pointerdown', this.#down);
    on('pointermove', this.#move);
    on('pointerup', this.#up);
    on('pointercancel', this.#cancelled);
    on('pointerleave', () => this.#hover(-1));
    on('dblclick', this.#twice);
    on('wheel', this.#wheel, { passive: false });
    // The focus goes where it is put, and no text is selected by dragging.
    on('mousedown', (event) => event.target.matches('input') || event.preventDefault());
  }

  #at(event) {
    const box = this.grid.place.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #zone(x, y, touch) {
    const { at } = this.grid.picture;
    if (!at) return 'none';
    if (y >= at.timeline.y - 10 && y < at.header.y - 2) return 'timeline';
    if (!at.compact && y >= at.header.y && y < at.rows.y) return this.grid.columns.edgeAt(x, touch ? 14 : 6) ? 'edge' : 'none';
    if (y < at.rows.y || y >= at.footer.y) return 'none';
    return x >= at.width - (touch ? 32 : 16) ? 'bar' : 'rows';
  }

  #down(event) {
    if (event.target.matches('input') || event.button > 0) return;
    const { grid } = this;
    const [x, y] = this.#at(event);
    const touch = event.pointerType === 'touch';
    this.fingers.set(event.pointerId, { x, y });
    grid.place.setPointerCapture(event.pointerId);
    if (this.fingers.size === 2 && this.doing?.zone === 'timeline') return this.#pinch();
    const zone = this.#zone(x, y, touch);
    this.doing = { zone, touch, id: event.pointerId, x, y, startX: x, startY: y, began: event.timeStamp, moved: false };
    if (zone === 'rows' && touch) grid.scroll.hold();
    else if (zone === 'rows') this.#pick(event, y);
    else if (zone === 'bar') this.#grab(y);
    else if (zone === 'edge') this.#pull(x, touch);
    else if (zone === 'timeline') this.#timeline(x, y, touch);
  }

  #pick(event, y) {
    const { grid } = this;
    const index = grid.picture.rowAt(y);
    if (index >= grid.rows.count) return;
    if (event.shiftKey) grid.selection.extend(index, event.ctrlKey || event.metaKey);
    else if (event.ctrlKey || event.metaKey) grid.selection.toggle(index);
    else grid.selection.only(index);
    grid.mirror.focus();
    grid.invalidate();
  }

  #grab(y) {
    const thumb = this.grid.picture.thumb();
    this.doing.offset = y >= thumb.y && y <= thumb.y + thumb.height ? y - thumb.y : thumb.height / 2;
    this.#drag(y);
  }

  #drag(y) {
    const { scroll, picture } = this.grid;
    const { bar } = picture.at;
    const thumb = picture.thumb();
    scroll.to(((y - this.doing.offset - bar.y) / Math.max(1, bar.height - thumb.height)) * scroll.end);
  }

  #pull(x, touch) {
    const column = this.grid.columns.edgeAt(x, touch ? 14 : 6);
    Object.assign(this.doing, { column: column.name, width: column.width });
    this.grid.pulled = column.name;
    this.grid.invalidate();
  }

  #timeline(x, y, touch) {
    const { timeline } = this.grid;
    this.doing.strip = timeline.inStrip(y);
    this.doing.brushing = !touch && !this.doing.strip;
    if (this.doing.strip) this.#scrub(x);
    else if (touch) this.grid.jump(timeline.timeAt(x));
  }

  /** In the strip the window comes along; in the bars the rows follow the finger. */
  #scrub(x) {
    const { timeline } = this.grid;
    const time = this.doing.strip ? timeline.wholeAt(x) : timeline.timeAt(x);
    if (this.doing.strip) timeline.look(time - (timeline.to - timeline.from) / 2);
    this.grid.jump(time);
  }

  #pinch() {
    const [a, b] = [...this.fingers.values()];
    this.doing = { zone: 'pinch', apart: Math.max(20, Math.abs(a.x - b.x)), time: this.grid.timeline.timeAt((a.x + b.x) / 2) };
  }

  #move(event) {
    const { grid, doing } = this;
    const [x, y] = this.#at(event);
    if (this.fingers.has(event.pointerId)) this.fingers.set(event.pointerId, { x, y });
    if (!doing) return event.pointerType === 'touch' ? undefined : this.#point(x, y);
    if (doing.zone === 'pinch') return this.#spread();
    if (event.pointerId !== doing.id) return;
    doing.moved ||= Math.hypot(x - doing.startX, y - doing.startY) > (doing.touch ? STRAY : 3);
    if (doing.zone === 'rows' && doing.touch && doing.moved) grid.scroll.drag((doing.y - y) / grid.picture.at.rowHeight, event.timeStamp);
    else if (doing.zone === 'rows' && !doing.touch && doing.moved) this.#sweep(y);
    else if (doing.zone === 'bar') this.#drag(y);
    else if (doing.zone === 'edge') grid.columns.resize(doing.column, doing.width + (x - doing.startX) * (grid.columns.grows(doing.column) ? 1 : -1));
    else if (doing.zone === 'timeline' && doing.brushing && doing.moved) grid.timeline.brush = [doing.startX, x].map((at) => grid.timeline.timeAt(at)).sort((a, b) => a - b);
    else if (doing.zone === 'timeline' && !doing.brushing) this.#scrub(x);
    Object.assign(doing, { x, y });
    grid.invalidate();
  }

  #sweep(y) {
    const { grid } = this;
    const index = Math.max(0, Math.min(grid.rows.count - 1, grid.picture.rowAt(y)));
    grid.selection.extend(index);
    grid.scroll.reveal(index);
  }

  #spread() {
    const [a, b] = [...this.fingers.values()];
    const apart = Math.max(20, Math.abs(a.x - b.x));
    this.grid.timeline.zoom(this.doing.apart / apart, this.doing.time);
    this.doing.apart = apart;
    this.grid.invalidate();
  }

  #up(event) {
    this.fingers.delete(event.pointerId);
    const { grid, doing } = this;
    if (!doing || (doing.zone !== 'pinch' && event.pointerId !== doing.id)) return;
    this.doing = null;
    const [x, y] = this.#at(event);
    if (doing.zone === 'rows' && doing.touch) {
      grid.scroll.release(event.timeStamp);
      if (!doing.moved) this.#pick(event, y);
    } else if (doing.zone === 'timeline' && doing.brushing) {
      if (doing.moved) grid.jump(grid.timeline.brush[0]);
      else {
        grid.timeline.brush = null;
        grid.jump(grid.timeline.timeAt(x));
      }
    }
    grid.pulled = null;
    grid.mirror.later();
    grid.invalidate();
  }

  #cancelled(event) {
    this.fingers.delete(event.pointerId);
    if (this.doing?.zone === 'rows' && this.doing.touch) this.grid.scroll.release(event.timeStamp);
    this.doing = null;
    this.grid.pulled = null;
  }

  #point(x, y) {
    const zone = this.#zone(x, y, false);
    this.grid.place.dataset.cursor = zone;
    this.#hover(zone === 'rows' ? this.grid.picture.rowAt(y) : -1);
  }

  #hover(index) {
    if (index === this.grid.hover) return;
    this.grid.hover = index;
    this.grid.invalidate();
  }

  #twice(event) {
    const [x, y] = this.#at(event);
    const zone = this.#zone(x, y, false);
    const { columns, timeline, mirror } = this.grid;
    if (zone === 'edge') columns.reset(columns.edgeAt(x, 6).name);
    else if (zone === 'timeline' && timeline.to - timeline.from < timeline.end - timeline.start) timeline.look(timeline.start, timeline.end - timeline.start);
    else if (zone === 'timeline') timeline.zoom(0.1, timeline.timeAt(x));
    mirror.later();
    this.grid.invalidate();
  }

  #wheel(event) {
    const { grid } = this;
    if (!grid.picture.at || (event.ctrlKey && this.#zone(...this.#at(event)) !== 'timeline')) return; // the browser's zoom
    event.preventDefault();
    const [x, y] = this.#at(event);
    const { rowHeight } = grid.picture.at;
    const unit = [1, 16, grid.picture.at.rows.height][event.deltaMode];
    if (this.#zone(x, y) === 'timeline') {
      const { timeline } = grid;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) timeline.look(timeline.from + ((event.deltaX || event.deltaY) * unit * (timeline.to - timeline.from)) / timeline.box.width);
      else timeline.zoom(Math.exp(event.deltaY * unit * 0.003), timeline.timeAt(x));
      return grid.invalidate();
    }
    // A notch of a mouse's wheel is a jump, and is eased; a trackpad's small steps are a movement already.
    grid.scroll.by((event.deltaY * unit) / rowHeight, event.deltaMode !== 0 || (Math.abs(event.deltaY) >= 100 && Number.isInteger(event.deltaY)));
  }
}
