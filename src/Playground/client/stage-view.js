// What a stage shows of its process: the curtain over the scene, the line along its top, the status and Stop. No decision is made here.

import { isFramed, tell } from './frame.js';

/** The parts are put into the page's own; see stage.js for what a page brings. */
export class StageView {
  constructor(page) {
    this.page = page;
    this.scene = page.querySelector('.stage__scene');
    this.status = make('p', { className: 'stage__status', role: 'status' });
    this.stop = make('button', { type: 'button', className: 'stage__stop', textContent: 'Stop', hidden: true });
    this.noticeWords = make('span');
    this.again = make('button', { type: 'button', className: 'stage__again', hidden: true });
    this.line = make('div', { className: 'stage__notice', hidden: true });
    this.line.append(this.noticeWords, this.again);
    this.place = make('p', { className: 'stage__place', ariaHidden: 'true', hidden: true });
    this.lead = make('p', { className: 'stage__lead' });
    this.hint = make('p', { className: 'stage__hint' });
    this.output = make('pre', { className: 'stage__output', tabIndex: 0, role: 'region', ariaLabel: 'What the program wrote last', hidden: true });
    this.run = make('button', { type: 'button', className: 'stage__run', textContent: 'Run' });
    this.curtain = make('div', { className: 'stage__curtain' });
    this.curtain.append(this.place, this.lead, this.hint, this.output, this.run);
    this.scene.append(this.line, this.curtain);
    const bar = page.querySelector('.stage__bar');
    if (bar) bar.append(this.status, this.stop);
    else {
      const panel = page.querySelector('.stage__panel') ?? page;
      panel.prepend(this.status);
      panel.append(this.stop);
    }

    // Whoever frames this page has a border of their own.
    page.classList.toggle('stage--framed', isFramed);
  }

  /** The state of the whole page, in one word and in a line that is read aloud, with what is said to nobody who sees; the page around it is told too. */
  show(state, words, details, spoken = '') {
    this.page.dataset.state = state;
    this.put('status', words);
    if (spoken) this.status.append(make('span', { className: 'unseen', textContent: spoken }));
    tell(state, { message: words, ...details });
  }

  get state() {
    return this.page.dataset.state;
  }

  put(part, text) {
    if (this[part].textContent !== text) this[part].textContent = text;
  }

  /** Over the scene, while nothing runs in it. Without words for the button it stays as it is, and does nothing. */
  cover(lead, hint = '', { button = null, place = '', output = null } = {}) {
    this.put('lead', lead);
    this.put('hint', hint);
    this.put('place', place);
    this.place.hidden = place === '';
    if (button !== null) this.run.textContent = button;
    this.run.ariaDisabled = `${button === null}`;
    this.output.hidden = !output?.length;
    this.output.textContent = output?.join('\n') ?? '';
    this.curtain.hidden = false;
    this.#reach(false);
    this.output.scrollTop = this.output.scrollHeight;
  }

  raise() {
    const hadFocus = document.activeElement === this.run;
    this.curtain.hidden = true;
    this.#reach(true);
    this.stop.hidden = false;
    this.stop.ariaDisabled = 'false';
    if (hadFocus) this.stop.focus();
  }

  /** What lies behind the curtain cannot be reached by keyboard, pointer or screen reader. */
  #reach(reachable) {
    for (const part of this.scene.children) if (part !== this.curtain && part !== this.line) part.inert = !reachable;
  }

  /** Nothing runs any more. */
  lower() {
    const hadFocus = document.activeElement === this.stop;
    this.stop.hidden = true;
    if (hadFocus) this.run.focus();
  }

  /**
   * The line along the top of a running scene: something is about to happen, or is wrong. Empty words take it away.
   * @param {{ action?: string | null, left?: number | null }} [options] The words of its button; how much of the time is left, 0 to 1.
   */
  notice(words, { action = null, left = null } = {}) {
    this.line.hidden = words === '';
    this.put('noticeWords', words);
    this.again.hidden = action === null;
    if (action !== null) this.put('again', action);
    this.line.style.setProperty('--left', left ?? 0);
  }
}

function make(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
