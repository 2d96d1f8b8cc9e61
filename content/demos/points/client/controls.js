// Mouse, touch and keys to camera movements.

const TURN = 0.0052;
const KEY_TURN = 0.06;

/**
 * @param {HTMLElement} element
 * @param {{ turn(yaw: number, pitch: number): void, move(right: number, away: number): void, zoom(factor: number): void, home(): void, orbit(): void }} does
 */
export function control(element, does) {
  const fingers = new Map();
  let pinch = null;

  element.addEventListener('contextmenu', (event) => event.preventDefault());
  element.addEventListener('pointerdown', (event) => {
    element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    pinch = null;
  });
  element.addEventListener('pointermove', (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    const height = element.clientHeight;
    if (fingers.size === 2) {
      const [a, b] = fingers.values();
      const spread = Math.hypot(a[0] - b[0], a[1] - b[1]);
      if (pinch) does.zoom(pinch / spread);
      pinch = spread;
      does.move(-dx / height / 2, dy / height / 2);
    } else if (event.shiftKey || event.buttons & 6) does.move(-dx / height, dy / height);
    else does.turn(-dx * TURN, dy * TURN);
  });
  for (const name of ['pointerup', 'pointercancel', 'lostpointercapture']) {
    element.addEventListener(name, (event) => {
      fingers.delete(event.pointerId);
      pinch = null;
    });
  }
  element.addEventListener('wheel', (event) => {
    if (event.ctrlKey) return; // the page's own zoom
    event.preventDefault();
    does.zoom(Math.exp(Math.max(-240, Math.min(240, event.deltaY * (event.deltaMode === 1 ? 16 : 1))) * 0.0012));
  }, { passive: false });

  element.addEventListener('keydown', (event) => {
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey) return;
    const [right, up] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key] ?? [0, 0];
    if (right || up) shiftKey ? does.move(right * 0.06, up * 0.06) : does.turn(right * KEY_TURN, up * KEY_TURN);
    else if (key === '+' || key === '=') does.zoom(0.9);
    else if (key === '-' || key === '_') does.zoom(1 / 0.9);
    else if (key === 'Home' || key === '0') does.home();
    else if (key === ' ') does.orbit();
    else return;
    event.preventDefault();
  });
}
