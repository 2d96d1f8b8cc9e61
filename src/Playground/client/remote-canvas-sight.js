// Whether anybody can see a <remote-canvas>, and how large it is.

/**
 * @param {HTMLElement} element It.
 * @param {() => void} onSize Its size has changed, or is known for the first time.
 * @param {(isSeen: boolean) => void} onSight It came into sight, or went out of it.
 * @param {AbortSignal} signal Ends it.
 */
export function watch(element, onSize, onSight, signal) {
  let isInView = true;
  const tell = () => onSight(isInView && document.visibilityState === 'visible');
  const sizes = new ResizeObserver(onSize);
  // Who scrolls fast is told of several at once: the last one holds.
  const sights = new IntersectionObserver((entries) => {
    isInView = entries.at(-1).isIntersecting;
    tell();
  });
  for (const observer of [sizes, sights]) observer.observe(element);
  document.addEventListener('visibilitychange', tell, { signal });
  signal.addEventListener('abort', () => {
    for (const observer of [sizes, sights]) observer.disconnect();
    onSight(false);
  });
}
