/** What went wrong, in words, and the way out of it where there is one. */
export class Trouble {
  #element;
  #words;
  #action;
  #onAction = null;

  constructor(element) {
    this.#element = element;
    this.#words = element.querySelector('p');
    this.#action = element.querySelector('button');
    this.#action.addEventListener('click', () => this.#onAction?.());
  }

  clear() {
    this.#element.hidden = true;
    this.#onAction = null;
  }

  /**
   * @param {Record<string, import('./failure.js').QueryFailure>} failures by side
   * @param {{where: string, onBackend: () => void}} about
   */
  show({ tab, backend }, { where, onBackend }) {
    const words = [tab && told(tab, 'tab'), backend && told(backend, 'backend')].filter(Boolean);
    // The same mistake is told once, and what was asked for is no trouble.
    const lines = tab && backend && tab.kind === 'query' && backend.kind === 'query' ? [backend.message] : words;
    if (lines.length === 0) return this.clear();
    this.#words.textContent = lines.join('\n\n');
    this.#element.dataset.kind = (backend ?? tab).kind;
    const offer = where === 'tab' && tab && ['memory', 'missing', 'load'].includes(tab.kind);
    this.#action.hidden = !offer;
    this.#onAction = offer ? onBackend : null;
    this.#element.hidden = false;
  }
}

function told({ kind, message }, side) {
  if (kind === 'cancelled') return 'Cancelled.';
  if (side === 'tab' && kind === 'memory') {
    return `This tab ran out of memory. Its engine said: “${message.trim().split('\n')[0]}” It was thrown away, for WebAssembly never gives memory back, and starts anew with the next query; `
      + 'the trips that were loaded are kept. Your backend has more threads, and a disk to spill to.';
  }
  return message;
}
