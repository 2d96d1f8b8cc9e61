import { stage } from '/client/stage.js';

const count = document.querySelector('#count');
const add = document.querySelector('#add');

stage({
  hint: 'One process, for this tab and everybody who has its address.',

  // The curtain rises when this resolves: when the process has said its first number.
  async run({ session, signal }) {
    const press = () => session.fetch('/', { method: 'POST', signal }).catch(() => {}); // the stage says it when the process is gone
    add.addEventListener('click', press, { signal });
    const answer = await session.fetch('/', { signal });
    if (!answer.ok) throw new Error(`The process answered ${answer.status}.`);
    const changes = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    show((await changes.read()).value);
    follow(changes);
  },
});

async function follow(changes) {
  try {
    for (let next; !(next = await changes.read()).done;) show(next.value);
  } catch {
    // The run is over, and the stage has said why.
  }
}

/** A line for each change; of several that came together, the last counts. */
function show(lines) {
  count.textContent = lines.trim().split('\n').at(-1);
}
