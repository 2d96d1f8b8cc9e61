import { stage } from '/client/stage.js';
import { keepInAddress, sqlInAddress } from './address.js';
import { BackendEngine } from './backend-engine.js';
import { Lane } from './lane.js';
import { Race } from './race.js';
import { Results } from './results.js';
import { SAMPLES, SCHEMA } from './samples.js';
import { TabEngine } from './tab-engine.js';
import { Trouble } from './trouble.js';

const SIZES = [1, 5, 10, 20, 50];
const find = (id) => document.getElementById(id);
const [runButton, cancelButton, rowsChoice, sampleChoice] = ['run-query', 'cancel-query', 'rows', 'sample'].map(find);
const results = new Results(find('answer'));
const race = new Race({ tab: new Lane(find('lane-tab')), backend: new Lane(find('lane-backend')) }, results);
const trouble = new Trouble(find('trouble'));
/** What an address may ask for: ?run&rows=20&where=both#sql=… */
const asked = new URLSearchParams(location.search);
/** Of the run: null while nothing runs. */
let engines = null;

fillSamples();
document.querySelectorAll('[name=where]').forEach((choice) => (choice.checked = choice.value === (asked.get('where') ?? 'backend')));
if (!document.querySelector('[name=where]:checked')) document.querySelector('[name=where][value=backend]').checked = true;
const typed = sqlInAddress();
sampleChoice.value = typed === null ? SAMPLES[0].id : '';
/** What is made of npm's packages when the hub is built; null where that could not be. */
const built = await Promise.all([import('/built/answer.js'), import('/built/editor.js')]).then(([{ Answer }, { openEditor }]) => ({ Answer, openEditor }), () => null);
const editor = built?.openEditor(find('editor'), {
  text: typed ?? SAMPLES[0].sql,
  label: 'SQL. Control and Enter runs it.',
  schema: SCHEMA,
  onRun: () => ask(),
  onCancel: () => race.isRunning && (race.cancel(), true),
  onChange: changed,
});
find('shortcut').textContent = /Mac|iP/.test(navigator.platform) ? '⌘ ⏎' : 'Ctrl ⏎';
runButton.addEventListener('click', () => ask());
cancelButton.addEventListener('click', () => race.cancel());
sampleChoice.addEventListener('change', () => {
  if (!editor) return;
  editor.text = SAMPLES.find(({ id }) => id === sampleChoice.value)?.sql ?? editor.text;
  if (!SAMPLES.find(({ id }) => id === sampleChoice.value)?.trouble) ask();
});

const shown = stage({
  hint: 'A year of bike trips, up to fifty million of them, and SQL over all of it: in this tab, on a process of your own, or on both at once.',
  onStart() {
    if (!built) shown.fail('This page was not built.', 'It takes its editor, its reader of answers and the engine for the tab from npm. Install Node 20 or newer and start ./run again.');
  },
  async run({ session, signal, watch }) {
    const socket = watch(session.socket('/'));
    const hello = await new Promise((heard) => socket.addEventListener('message', ({ data }) => heard(JSON.parse(data)), { once: true }));
    const tab = new TabEngine(session, hello, built.Answer);
    engines = { backend: new BackendEngine(socket, hello, built.Answer), tab };
    offerSizes(hello);
    signal.addEventListener('abort', () => {
      engines = null;
      race.cancel();
      tab.close();
      runButton.ariaDisabled = 'true';
    });
    runButton.ariaDisabled = 'false';
    ask();
  },
});

/** Runs what is in the editor, where it is chosen. */
async function ask(where = document.querySelector('[name=where]:checked').value) {
  if (!engines || race.isRunning) return;
  const parts = Number(rowsChoice.value);
  const chosen = where === 'both' ? engines : { [where]: engines[where] };
  trouble.clear();
  busy(true);
  const { failures, agree } = await race.run(chosen, editor.text, { parts, rows: parts * 1e6 });
  busy(false);
  if (agree === true) results.agree('Both answers are the same.');
  else if (agree === false) results.agree('The two answers differ.');
  trouble.show(failures, { where, parts, onBackend: () => {
    document.querySelector('[name=where][value=backend]').checked = true;
    ask('backend');
  } });
}

function busy(running) {
  const hadFocus = document.activeElement === cancelButton || document.activeElement === runButton;
  find('demo').ariaBusy = String(running);
  runButton.hidden = running;
  cancelButton.hidden = !running;
  if (hadFocus) (running ? cancelButton : runButton).focus();
}

function changed(text) {
  const sample = SAMPLES.find(({ sql }) => sql === text);
  sampleChoice.value = sample?.id ?? '';
  keepInAddress(sample === SAMPLES[0] ? '' : text);
}

function offerSizes({ parts }) {
  const before = rowsChoice.disabled ? asked.get('rows') : rowsChoice.value;
  const sizes = [...new Set([...SIZES.filter((size) => size <= parts), parts])].sort((a, b) => a - b);
  rowsChoice.replaceChildren(...sizes.map((size) => new Option(`${size} M trips`, size)));
  rowsChoice.value = sizes.includes(Number(before)) ? before : '1';
  rowsChoice.disabled = false;
}

function fillSamples() {
  const group = (label, samples) => {
    const element = Object.assign(document.createElement('optgroup'), { label });
    element.append(...samples.map(({ id, title }) => new Option(title, id)));
    return element;
  };
  sampleChoice.append(new Option('Your own query', ''), group('Questions', SAMPLES.filter((each) => !each.trouble)), group('Trouble, on purpose', SAMPLES.filter((each) => each.trouble)));
}
