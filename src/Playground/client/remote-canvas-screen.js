// What <remote-canvas> shows: the newest picture, once for each picture that the browser makes of the page.

export class Screen {
  #canvas = document.createElement('canvas');
  #context;
  /** What stands in the element is shown until there is a picture: why there is none, for example. */
  #words = document.createElement('slot');
  #drawn = null;
  #turn = 0;
  #onTurn;

  /** The frame that the page shows. */
  shown = null;

  /** @param {(frame: object | null) => void} onTurn The browser makes a picture of the page; the frame that is new in it. */
  constructor(onTurn) {
    this.#onTurn = onTurn;
    this.#canvas.style.cssText = 'display:block;width:100%;height:100%;object-fit:fill';
    this.#words.style.cssText = 'position:absolute;inset:0';
    this.#canvas.ariaHidden = 'true';
    this.#context = this.#canvas.getContext('2d', { alpha: false, desynchronized: true });
  }

  get canvas() {
    return this.#canvas;
  }

  get parts() {
    return [this.#canvas, this.#words];
  }

  /** Draws it, and lets it go. */
  draw(picture, frame) {
    const { askedWidth, askedHeight } = frame;
    const canvas = this.#canvas;
    if (canvas.width !== askedWidth || canvas.height !== askedHeight) [canvas.width, canvas.height] = [askedWidth, askedHeight];
    this.#words.hidden = true;
    this.#context.drawImage(picture, 0, 0, askedWidth, askedHeight);
    picture.close();
    this.#drawn = frame;
    this.ask();
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
