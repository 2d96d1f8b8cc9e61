// All ten million, as the process draws them when nothing moves.
const picture = document.querySelector('remote-canvas');
for (let whole = 0; whole < 20; whole++) {
  await new Promise((later) => setTimeout(later, 100));
  if (!picture.isComplete) whole = 0;
}
document.querySelector('#badge').style.display = 'none';
