// Both engines over twenty million trips, and a map of where they begin.
const find = (selector) => document.querySelector(selector);
const until = async (done) => {
  while (!done()) await new Promise((later) => setTimeout(later, 100));
};
await until(() => find('#demo').ariaBusy === 'false');
find('#rows').value = '20';
find('[name=where][value=both]').checked = true;
for (const sample of ['tide', 'map']) {
  find('#sample').value = sample;
  find('#sample').dispatchEvent(new Event('change'));
  await until(() => find('#demo').ariaBusy === 'false');
}
await new Promise((later) => setTimeout(later, 500));
