// <live-demo><a href="https://name.demo.example/?run">Run it</a></live-demo>
//
// Without script: a link. With it: a placeholder of the demo's size, which on the press of a button becomes the demo, in a sandboxed
// frame of its own origin; a line beneath says how it stands. The demo's page does the connecting; this element shows it, hears what it
// tells, and lets go of it.

const MARK = 'live-demo';
/** A demo says how it stands as soon as its script runs, so before its page is loaded, or at once after. */
const SILENT_AFTER_LOAD = 2000;
const SILENT_AFTER = 10_000;
const STOP_LIMIT = 1500;

/** Nothing runs. */
const OVER = ['idle', 'ended', 'failed'];

const STYLE = `
  :host { display: block; container-type: inline-size; color-scheme: inherit; font: inherit;
    --_line: var(--live-demo-line, color-mix(in srgb, currentColor 22%, transparent));
    --_accent: var(--live-demo-accent, #0a7a45); --_warn: var(--live-demo-warn, #a2380f);
    --_radius: var(--live-demo-radius, 12px); }
  @media (prefers-color-scheme: dark) { :host { --_accent: var(--live-demo-accent, #7ee2a8); --_warn: var(--live-demo-warn, #ffad85); } }
  :host([hidden]) { display: none; }
  [hidden] { display: none !important; }
  .box { border: 1px solid var(--_line); border-radius: var(--_radius); overflow: hidden; background: var(--live-demo-background, transparent); }
  .stage { position: relative; block-size: var(--live-demo-height, auto); aspect-ratio: var(--live-demo-aspect-ratio, 16 / 9); min-block-size: 12rem; }
  @container (max-width: 34rem) { .stage { aspect-ratio: var(--live-demo-aspect-ratio, 3 / 4); } }
  iframe { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0; display: block; }
  .placeholder { position: absolute; inset: 0; display: grid; align-content: center; justify-items: center; gap: .75rem; padding: 1rem;
    background: var(--live-demo-placeholder, none); text-align: center; }
  .bar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .5rem .75rem; border-block-start: 1px solid var(--_line);
    font-size: .875em; font-variant-numeric: tabular-nums; min-block-size: 44px; box-sizing: border-box; }
  .status { margin: 0; display: flex; align-items: baseline; gap: .5rem; flex: 1 1 12rem; }
  .status::before { content: ""; flex: none; inline-size: .5em; block-size: .5em; border-radius: 50%; box-shadow: inset 0 0 0 1.5px currentColor; }
  .bar[data-state="live"] .status::before, .bar[data-state="ending"] .status::before { background: var(--_accent); box-shadow: none; }
  .bar[data-state="starting"] .status::before, .bar[data-state="queued"] .status::before, .bar[data-state="lost"] .status::before {
    background: currentColor; animation: wait 1s ease-in-out infinite alternate; }
  .bar[data-state="failed"] .status, .bar[data-state="ending"] .status { color: var(--_warn); }
  button { font: inherit; font-weight: 650; min-block-size: 44px; padding: .5rem 1.25rem; border-radius: 10px; cursor: pointer;
    border: 1px solid var(--_line); background: transparent; color: inherit; }
  .run { background: var(--live-demo-button, CanvasText); color: var(--live-demo-button-text, Canvas); border-color: transparent; }
  [aria-disabled="true"] { opacity: .55; cursor: default; }
  a { color: inherit; }
  :focus-visible { outline: 2px solid var(--live-demo-focus, Highlight); outline-offset: 2px; }
  .unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @keyframes wait { to { opacity: .25; } }
  @media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
`;

const BODY = `
  <div class="box" part="box">
    <div class="stage" part="stage">
      <div class="placeholder" part="placeholder"><slot name="placeholder"></slot><button type="button" class="run" part="run"></button></div>
    </div>
    <div class="bar" part="bar" data-state="idle">
      <p class="status" part="status"><span class="words"></span></p>
      <span class="unseen" role="status"></span>
      <a class="link" part="link" rel="noopener" target="_blank">Open on its own page</a>
      <button type="button" class="stop" part="stop" hidden>Stop</button>
    </div>
  </div>
`;

let sheet = null;

export class LiveDemo extends HTMLElement {
  #state = 'idle';
  #frame = null;
  #address = null;
  #life = null;
  #silent = 0;
  #heard = false;
  #counting = 0;

  constructor() {
    super();
    if (!sheet) {
      // Not a <style>: a page's policy may allow none that is written in the page.
      sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
    }
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    // Until there is a link to upgrade, what is inside is shown as it is.
    root.innerHTML = '<slot></slot>';
  }

  /** `idle`, `starting`, `queued`, `live`, `lost`, `ending`, `ended` or `failed`. */
  get state() {
    return this.#state;
  }

  /** The demo's address; null without a link. */
  get address() {
    return this.#address?.href ?? null;
  }

  connectedCallback() {
    this.#life = new AbortController();
    this.#upgrade();
    if (this.#address) return;
    // The parser may not have come to the link yet.
    const observer = new MutationObserver(() => this.#upgrade() && observer.disconnect());
    observer.observe(this, { childList: true, subtree: true });
    this.#life.signal.addEventListener('abort', () => observer.disconnect());
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#unload();
    this.#enter('idle', '');
    this.#address = null;
  }

  /** What pressing Run does. */
  run() {
    if (!this.#address || this.#frame) return;
    const frame = document.createElement('iframe');
    frame.title = `Demo: ${this.#label}`;
    // Its own origin is what keeps it apart; without scripts and that origin it could not run at all.
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms');
    frame.setAttribute('part', 'frame');
    frame.referrerPolicy = 'no-referrer';
    frame.src = this.#address.href;
    this.#frame = frame;
    const hadFocus = this.shadowRoot.activeElement === this.#part('.run');
    this.#part('.placeholder').hidden = true;
    this.#part('.stop').ariaDisabled = 'false';
    this.#enter('starting', 'Starting');
    const silence = (after) => {
      clearTimeout(this.#silent);
      this.#silent = setTimeout(() => this.#fallSilent(), after);
    };
    silence(SILENT_AFTER);
    // What a browser shows instead of a page that may not be framed is loaded, too, and says nothing.
    frame.addEventListener('load', () => this.#frame === frame && !this.#heard && silence(SILENT_AFTER_LOAD));
    this.#part('.stage').append(frame);
    if (hadFocus) this.#part('.stop').focus();
  }

  /** Not the end: what it says later counts. */
  #fallSilent() {
    this.#enter('failed', 'The demo does not answer. Its page may not allow being shown here: open it on its own page.');
  }

  /** Lets the demo stop its process, then lets go of it. Resolves when it is gone. */
  async stop() {
    const frame = this.#frame;
    if (!frame || this.#part('.stop').ariaDisabled === 'true') return;
    // Not really disabled: that would take the focus from who pressed it.
    this.#part('.stop').ariaDisabled = 'true';
    const stopped = OVER.includes(this.#state) ? null : this.#stopped();
    frame.contentWindow?.postMessage({ [MARK]: 1, ask: 'stop' }, this.#address.origin);
    await stopped;
    if (this.#frame !== frame) return;
    const hadFocus = this.shadowRoot.activeElement !== null;
    this.#unload();
    this.#enter('ended', 'Stopped');
    if (hadFocus) this.#part('.run').focus();
  }

  #stopped() {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, STOP_LIMIT);
      this.addEventListener('statechange', ({ detail }) => {
        if (!OVER.includes(detail.state)) return;
        clearTimeout(timer);
        resolve();
      }, { signal: AbortSignal.any([this.#life.signal, AbortSignal.timeout(STOP_LIMIT)]) });
    });
  }

  get #label() {
    return this.getAttribute('label') ?? this.querySelector('a[href]')?.textContent.trim() ?? 'demo';
  }

  #part(selector) {
    return this.shadowRoot.querySelector(selector);
  }

  /** Takes the first link inside. Only http and https: a script in an address is not a demo. */
  #upgrade() {
    const link = this.querySelector('a[href]');
    if (!link || !/^https?:$/.test(link.protocol)) return false;
    this.#address = new URL(link.href);
    this.shadowRoot.innerHTML = BODY;
    const { signal } = this.#life;
    this.#part('.run').textContent = link.textContent.trim() || 'Run';
    this.#part('.link').href = link.href;
    this.#part('.link').setAttribute('aria-label', `${this.#label}: open on its own page`);
    this.#part('.run').addEventListener('click', () => this.run(), { signal });
    this.#part('.stop').addEventListener('click', () => this.stop(), { signal });
    addEventListener('message', (event) => this.#hear(event), { signal });
    this.#enter('idle', 'Not running');
    return true;
  }

  /** From this frame, and only while the demo's own origin is in it: it may have been led elsewhere. */
  #hear({ source, origin, data }) {
    if (!this.#frame || source !== this.#frame.contentWindow || origin !== this.#address.origin || data?.[MARK] !== 1) return;
    clearTimeout(this.#silent);
    this.#heard = true;
    const words = typeof data.message === 'string' ? data.message.slice(0, 300) : '';
    switch (data.state) {
      case 'starting': return this.#enter('starting', words || 'Starting');
      case 'queued': return this.#enter('queued', `Waiting: place ${Number(data.position)} of ${Number(data.of)}. ${words}`.trim());
      case 'live': return this.#enter('live', words || 'Live');
      case 'lost': return this.#enter('lost', words || 'Connection lost, trying again');
      case 'ending': return this.#end(data.seconds_left, data.reason);
      // The frame stays: it has its own words, and its own button to run again.
      case 'ended': return this.#enter('ended', words || 'Ended');
      case 'failed': return this.#enter('failed', words || 'The demo could not run');
      case 'idle': return this.#enter('idle', 'Ready to run');
      default: return undefined;
    }
  }

  /** By this page's own counting from now: its clock may be minutes off the hub's. */
  #end(secondsLeft, reason) {
    if (!Number.isFinite(secondsLeft)) return;
    const ends = performance.now() + secondsLeft * 1000;
    const why = reason === 'idle' ? 'nobody is using it' : 'its time is nearly up';
    const count = () => {
      const seconds = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
      this.#part('.words').textContent = `Ends in ${seconds} s: ${why}`;
      if (seconds === 0) clearInterval(this.#counting);
    };
    const first = this.#state !== 'ending';
    this.#enter('ending', `Ends soon: ${why}`, first);
    this.#counting = setInterval(count, 1000);
    count();
  }

  #unload() {
    clearTimeout(this.#silent);
    clearInterval(this.#counting);
    this.#frame?.remove();
    this.#frame = null;
    this.#heard = false;
    if (!this.#address) return;
    this.#part('.placeholder').hidden = false;
  }

  /** What is over cannot be stopped: the frame has its own words then, and its own button to run again. A silent one can be let go of. */
  #offerStop(offered) {
    const stop = this.#part('.stop');
    if (stop.hidden === !offered) return;
    const hadFocus = this.shadowRoot.activeElement === stop;
    stop.hidden = !offered;
    if (offered) stop.ariaDisabled = 'false';
    else if (hadFocus) this.#frame?.focus();
  }

  /** Said aloud once for each change; the countdown is only seen. */
  #enter(state, words, aloud = true) {
    clearInterval(this.#counting);
    const changed = state !== this.#state;
    this.#state = state;
    if (!this.#address) return;
    this.#part('.bar').dataset.state = state;
    this.#offerStop(!OVER.includes(state) || (this.#frame !== null && !this.#heard));
    this.#part('.words').textContent = words;
    if (aloud && (changed || state === 'queued')) this.#part('[role=status]').textContent = state === 'idle' ? '' : `${this.#label}: ${words}`;
    if (changed) this.dispatchEvent(new CustomEvent('statechange', { detail: { state, message: words } }));
  }
}

if (!customElements.get('live-demo')) customElements.define('live-demo', LiveDemo);
