// What a person does on a <remote-canvas>, as its backend is told it. A page that turns input into a state of its own leaves this out.

/** The browser's own, also while the canvas has the focus: who came by keyboard gets away by it. */
const PASSED = new Set(['Tab', 'F5', 'F11', 'F12', 'Escape']);
/** Held with others they ask something of the browser. Alone they are told, and still do there what they do. */
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'OS']);
const FUNCTION_KEY = /^F\d+$/;
/** With Ctrl or Cmd these make the page larger, for who needs it. */
const ZOOM = new Set(['+', '-', '=', '0']);
const LINE = 16;

/**
 * @param {HTMLElement} element Where it happens.
 * @param {Set<string>} kinds `pointer`, `wheel`, `key`; `zoom`: the wheel with Ctrl too, which otherwise is the browser's;
 *   `shortcuts`: keys with Ctrl, Cmd or Alt too, and the keys F1 to F24, which otherwise are the browser's.
 * @param {(kind: 'pointer' | 'key', details: object, isUrgent: boolean) => void} tell Urgent is what must not be merged.
 * @param {AbortSignal} signal Takes the listeners away, and lets go of what is held.
 * @returns {() => void} Lets go of what is held: pointers are cancelled, keys go up.
 */
export function listen(element, kinds, tell, signal) {
  const pointers = new Map();
  const keys = new Set();
  const on = (name, hear, { target = element, ...options } = {}) => target.addEventListener(name, hear, { signal, ...options });
  const place = (event) => {
    const box = element.getBoundingClientRect();
    const { buttons, pointerId, shiftKey, ctrlKey, altKey, metaKey } = event;
    return { buttons, pointerId, shiftKey, ctrlKey, altKey, metaKey, x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const point = (action, event, isUrgent) => {
    const at = place(event);
    if (action === 'up' || action === 'cancel' || at.buttons === 0) pointers.delete(at.pointerId);
    else pointers.set(at.pointerId, at);
    tell('pointer', { action, ...at }, isUrgent);
  };
  const cancel = (id) => {
    const { x, y } = pointers.get(id);
    pointers.delete(id);
    tell('pointer', { action: 'cancel', pointerId: id, x, y }, true);
  };
  const letGoOfKeys = () => {
    for (const code of keys) tell('key', { isDown: false, code, keys: {} }, true);
    keys.clear();
  };
  const letGo = () => {
    for (const id of [...pointers.keys()]) cancel(id);
    letGoOfKeys();
  };

  element.style.touchAction = kinds.has('pointer') ? 'none' : '';
  if (kinds.has('pointer')) {
    on('pointerdown', (event) => {
      element.setPointerCapture(event.pointerId);
      point('down', event, true);
    });
    on('pointermove', (event) => point('move', event, false));
    on('pointerup', (event) => point('up', event, true));
    on('pointercancel', (event) => point('cancel', event, true));
    on('lostpointercapture', ({ pointerId }) => pointers.has(pointerId) && cancel(pointerId));
    // Its menu would swallow the release of the button that opened it.
    on('contextmenu', (event) => event.preventDefault());
  }
  if (kinds.has('wheel')) {
    on('wheel', (event) => {
      if (event.ctrlKey && !kinds.has('zoom')) return;
      event.preventDefault();
      const unit = [1, LINE, element.clientHeight][event.deltaMode];
      tell('pointer', { action: 'wheel', ...place(event), deltaX: event.deltaX * unit, deltaY: event.deltaY * unit }, true);
    }, { passive: false });
  }
  if (kinds.has('key')) {
    on('keydown', (event) => {
      if (PASSED.has(event.key) || event.isComposing || !event.code || ((event.ctrlKey || event.metaKey) && ZOOM.has(event.key))) return;
      const isModifier = MODIFIERS.has(event.key);
      if (!kinds.has('shortcuts') && !isModifier && isShortcut(event)) return;
      if (!isModifier || kinds.has('shortcuts')) event.preventDefault();
      keys.add(event.code);
      tell('key', { isDown: true, code: event.code, keys: event }, true);
    });
    on('keyup', (event) => {
      // Only of what went down here: who comes in by Tab lets go of it here.
      if (!keys.delete(event.code)) return;
      event.preventDefault();
      tell('key', { isDown: false, code: event.code, keys: event }, true);
      // Of keys that are let go while Cmd is held macOS says nothing.
      if (event.key === 'Meta') letGoOfKeys();
    });
    on('blur', letGoOfKeys);
  }
  // Who looks elsewhere lets go of it there, and this page is not told.
  on('blur', letGo, { target: window });
  on('visibilitychange', () => document.hidden && letGo(), { target: document });
  signal.addEventListener('abort', letGo, { once: true });
  return letGo;
}

/** AltGr types characters, and says Ctrl and Alt on some systems. */
function isShortcut(event) {
  if (FUNCTION_KEY.test(event.key)) return true;
  return event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState('AltGraph'));
}
