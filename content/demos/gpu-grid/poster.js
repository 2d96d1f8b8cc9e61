// In the middle of the month's longest storm, where rows of every level stand together.
const { grid } = document.querySelector('.place');
const frame = () => new Promise(requestAnimationFrame);
grid.jump(grid.timeline.start + 0.329 * (grid.timeline.end - grid.timeline.start));
for (let still = 0; still < 30; still++) {
  await frame();
  const last = Math.floor(grid.scroll.top + grid.scroll.visible);
  if (grid.scheduled || !grid.rows.has(Math.floor(grid.scroll.top), last) || !grid.timeline.strips[1]) still = 0;
}
