// A button that opens what it names, where there is no room for everything at once.

/** @param {HTMLButtonElement} button With `aria-expanded`; what that means to the eye is the style sheet's. */
export function fold(button) {
  const open = (isOpen) => (button.ariaExpanded = String(isOpen));
  button.addEventListener('click', () => open(button.ariaExpanded !== 'true'));
  button.parentElement.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || button.ariaExpanded !== 'true') return;
    open(false);
    button.focus();
  });
}
