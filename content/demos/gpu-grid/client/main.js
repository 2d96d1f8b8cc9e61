import { stage } from '/client/stage.js';
import { Grid } from './grid.js';

const place = document.querySelector('.place');
const buttons = [...document.querySelectorAll('[data-api]')];
let grid = null;

const shown = stage({
  hint: 'Ten million events, made by a process of your own and drawn in one canvas.',
  needs: ['webgpu|webgl2'],
  async run({ session, signal, watch }) {
    const socket = watch(session.socket('/'));
    place.hidden = false;
    // On the element too: what is drawn in a canvas can be asked of nothing else, and the console, the tests and ./bench grid do ask.
    const mine = (grid = place.grid = new Grid(place, socket, { said: marked, failed: (why) => shown.fail('The picture is gone.', why) }));
    const close = () => {
      mine.close();
      socket.close();
      place.hidden = true;
      if (grid === mine) grid = place.grid = null;
    };
    try {
      await mine.begin(new URLSearchParams(location.search).get('api') ?? undefined, signal);
    } catch (error) {
      close();
      throw error;
    }
    return close;
  },
});

for (const button of buttons) {
  button.addEventListener('click', () => grid?.surface.open(button.dataset.api).then(marked, (error) => shown.fail('The picture is gone.', error.message)));
}

/** Which API draws is known when it does: asking for one may have led to the other. */
function marked() {
  for (const button of buttons) button.setAttribute('aria-pressed', `${grid !== null && button.textContent === grid.surface.title}`);
}

if (!navigator.gpu) {
  const button = buttons[0];
  button.setAttribute('aria-disabled', 'true');
  button.title = 'This browser has no WebGPU.';
}
