// Which rows are selected: ranges in order that neither touch nor overlap, so that all ten million are one range.

export class Selection {
  constructor() {
    this.clear();
  }

  clear() {
    /** @type {[number, number][]} first and last */
    this.ranges = [];
    this.active = 0;
    this.anchor = 0;
  }

  get count() {
    return this.ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  has(index) {
    return this.ranges.some(([first, last]) => index >= first && index <= last);
  }

  /** Only this one. */
  only(index) {
    this.ranges = [[index, index]];
    this.active = this.anchor = index;
  }

  /** In or out. */
  toggle(index) {
    if (this.has(index)) this.#remove(index, index);
    else this.#add(index, index);
    this.active = this.anchor = index;
  }

  /** From where the last one was picked to here. */
  extend(index, keep = false) {
    const [first, last] = [Math.min(this.anchor, index), Math.max(this.anchor, index)];
    if (!keep) this.ranges = [];
    this.#add(first, last);
    this.active = index;
  }

  all(count) {
    this.ranges = count > 0 ? [[0, count - 1]] : [];
  }

  #add(first, last) {
    const kept = [];
    for (const [from, to] of this.ranges) {
      if (to < first - 1 || from > last + 1) kept.push([from, to]);
      else [first, last] = [Math.min(first, from), Math.max(last, to)];
    }
    this.ranges = [...kept, [first, last]].sort(([a], [b]) => a - b);
  }

  #remove(first, last) {
    this.ranges = this.ranges.flatMap(([from, to]) => {
      if (to < first || from > last) return [[from, to]];
      return [[from, first - 1], [last + 1, to]].filter(([a, b]) => a <= b);
    });
  }
}
