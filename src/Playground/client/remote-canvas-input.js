// What a person does on a <remote-canvas>, as its backend is told it. A page that turns input into a state of its own leaves this out.

/** Keys that move a page or a focus are taken only while the canvas has the focus, and Tab never. */
const PASSED = new Set(['Tab', 'F5', 'F11', 'F12', 'Escape']);

/**
 * @param {HTMLElement} element Where it happens.
 * @param {Set<string>} kinds `pointer`, `wheel`, `key`.
 * @param {(kind: 'pointer' | 'key', details: object, isUrgent: boolean) => void} tell Urgent is what must not be merged.
 * @param {AbortSignal} signal Takes the listeners away.
 */
export function listen(element, kinds, tell, signal) {
  const place = (event) => {
    const box = element.getBoundingClientRect();
    const { buttons, pointerId, shiftKey, ctrlKey, altKey, metaKey } = event;
    return { buttons, pointerId, shiftKey, ctrlKey, altKey, metaKey, x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const on = (name, hear, options) => element.addEventListener(name, hear, { signal, ...options });
  if (kinds.has('pointer')) {
    element.style.touchAction = 'none';
    on('pointerdown', (event) => {
      element.setPointerCapture(event.pointerId);
      tell('pointer', { action: 'down', ...place(event) }, true);
    });
    on('pointermove', (event) => tell('pointer', { action: 'move', ...place(event) }, false));
    on('pointerup', (event) => tell('pointer', { action: 'up', ...place(event) }, true));
    on('pointercancel', (event) => tell('pointer', { action: 'cancel', ...place(event) }, true));
  }
  if (kinds.has('wheel')) {
    on('wheel', (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      tell('pointer', { action: 'wheel', ...place(event), deltaX: event.deltaX * lines, deltaY: event.deltaY * lines }, true);
    }, { passive: false });
  }
  if (kinds.has('key')) {
    for (const name of ['keydown', 'keyup']) {
      on(name, (event) => {
        if (PASSED.has(event.key) || event.isComposing || !event.code) return;
        event.preventDefault();
        tell('key', { isDown: name === 'keydown', code: event.code, keys: event }, true);
      });
    }
  }
}
