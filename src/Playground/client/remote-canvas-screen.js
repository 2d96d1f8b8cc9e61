// What <remote-canvas> shows: the newest picture, once for each picture that the browser makes of the page.

/** Words lie over what was seen last, and are legible on it. A page's own rules for the element come before these. */
const STYLE = `
  :host { display: block; position: relative }
  canvas { display: block; width: 100%; height: 100%; object-fit: fill }
  slot { position: absolute; inset: 0; display: block; overflow: auto; box-sizing: border-box; padding: 1em; background: color-mix(in srgb, Canvas 88%, transparent); color: CanvasText }
  :host([hidden]), [hidden] { display: none !important }
`;

export class Screen {
  #canvas = document.createElement('canvas');
  #context;
  /** What stands in the element is shown until there is a picture, and when there are no more: why, for example. */
  #words = document.createElement('slot');
  #hasWords = true;
  #drawn = null;
  #turn = 0;
  #onTurn;

  /** The frame that the page shows. */
  shown = null;

  /** @param {(frame: object | null) => void} onTurn The browser makes a picture of the page; the frame that is new in it. */
  constructor(onTurn) {
    this.#onTurn = onTurn;
    this.#words.addEventListener('slotchange', () => this.#showWords());
    this.#showWords();
    this.#canvas.ariaHidden = 'true';
    this.#context = this.#canvas.getContext('2d', { alpha: false, desynchronized: true });
  }

  get canvas() {
    return this.#canvas;
  }

  /** @param {ShadowRoot} root Of the element. */
  enter(root) {
    // Not an element of style: the policy of a demo's page forbids those.
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    root.append(this.#canvas, this.#words);
  }

  /** What stands in the element is shown, over what was seen last; until there is a picture. */
  say() {
    this.#hasWords = true;
    this.#showWords();
  }

  /** Draws it, and lets it go. */
  draw(picture, frame) {
    const { askedWidth, askedHeight } = frame;
    const canvas = this.#canvas;
    if (canvas.width !== askedWidth || canvas.height !== askedHeight) [canvas.width, canvas.height] = [askedWidth, askedHeight];
    this.#hasWords = false;
    this.#showWords();
    this.#context.drawImage(picture, 0, 0, askedWidth, askedHeight);
    picture.close();
    this.#drawn = frame;
    this.ask();
  }

  #showWords() {
    this.#words.hidden = !this.#hasWords || !this.#words.assignedNodes().some((node) => node.nodeType === Node.ELEMENT_NODE || node.data?.trim());
  }

  /** What is seen stays, and is nobody's any more. */
  forget() {
    this.shown = null;
    this.#drawn = null;
  }

  /** To be called when the browser makes its next picture. */
  ask() {
    this.#turn ||= requestAnimationFrame(() => {
      this.#turn = 0;
      const frame = this.#drawn;
      this.#drawn = null;
      if (frame) this.shown = frame;
      this.#onTurn(frame);
    });
  }
}
