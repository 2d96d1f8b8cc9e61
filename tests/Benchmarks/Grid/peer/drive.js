// How either page is scrolled and watched: wheel events, one in each of the browser's frames, as fine as a trackpad's.

export function ours() {
  const { grid } = document.querySelector('.place');
  let seen = grid.frames.count;
  return {
    target: document.querySelector('.place'), height: grid.picture.at.rowHeight, rows: grid.rows, instances: () => grid.surface.painter.count,
    missing() {
      const [first, last] = [Math.floor(grid.scroll.top), Math.min(grid.rows.count - 1, Math.floor(grid.scroll.top + grid.scroll.visible))];
      let missing = 0;
      for (let index = first; index <= last; index++) if (!grid.rows.at(index)) missing++;
      return [missing, last - first + 1];
    },
    work() {
      const out = [];
      for (let i = Math.max(seen, grid.frames.count - 240); i < grid.frames.count; i++) out.push(grid.frames.work[i % 240]);
      seen = grid.frames.count;
      return out;
    },
    to: (top) => grid.scroll.to(top),
    ready: () => grid.rows.words !== null && grid.rows.has(Math.floor(grid.scroll.top), Math.floor(grid.scroll.top + grid.scroll.visible)),
  };
}

/** Scrolls down from a place for some seconds. @returns what was seen of it */
export async function drive(page, { from, rowsPerSecond, seconds }) {
  const frame = () => new Promise(requestAnimationFrame);
  page.to(from);
  while (!page.ready()) await frame();
  for (let i = 0; i < 20; i++) await frame();
  page.work();
  const { received, rowsReceived, bytes } = page.rows;
  const [intervals, work] = [[], []];
  let [missing, shown, empty] = [0, 0, 0];
  const box = page.target.getBoundingClientRect();
  const began = await frame();
  for (let last = began; last - began < seconds * 1000;) {
    // What is seen of the frame before, then the way to the next.
    const [without, of] = page.missing();
    missing += without;
    shown += of;
    if (without > 0) empty++;
    const now = await frame();
    intervals.push(now - last);
    page.target.dispatchEvent(new WheelEvent('wheel', {
      deltaY: (rowsPerSecond * page.height * (now - last)) / 1000 + 1e-6, clientX: box.left + box.width / 2, clientY: box.bottom - 100, bubbles: true, cancelable: true,
    }));
    last = now;
    if (intervals.length % 100 === 0) work.push(...page.work());
  }
  work.push(...page.work());
  const sorted = (list) => Float64Array.from(list).sort();
  const at = (list, part) => (list.length > 0 ? list[Math.min(list.length - 1, Math.ceil(part * list.length) - 1)] : 0);
  const [gaps, busy] = [sorted(intervals), sorted(work)];
  const total = intervals.reduce((sum, each) => sum + each, 0);
  return {
    framesPerSecond: (intervals.length / total) * 1000, p50: at(gaps, 0.5), p99: at(gaps, 0.99), worst: gaps.at(-1), workP50: at(busy, 0.5), workP99: at(busy, 0.99),
    rowsPerSecond: ((page.rows.rowsReceived - rowsReceived) / total) * 1000, bytesPerSecond: ((page.rows.bytes - bytes) / total) * 1000, pages: page.rows.received - received,
    withoutData: missing / shown, framesWithout: empty / intervals.length,
  };
}
