/**
 * Opens the editor: CodeMirror where it was built, and otherwise a plain field that does the same without colours.
 * @returns {Promise<{text: string, focus: () => void, isPlain: boolean}>}
 */
export async function openEditor(place, options) {
  try {
    const { openEditor: open } = await import('/built/editor.js');
    return Object.defineProperty(open(place, options), 'isPlain', { value: false });
  } catch {
    return plain(place, options);
  }
}

function plain(place, { text, label, onRun, onCancel, onChange }) {
  const field = document.createElement('textarea');
  Object.assign(field, { value: text, ariaLabel: label, spellcheck: false, autocapitalize: 'off' });
  field.addEventListener('input', () => onChange(field.value));
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onRun();
    else if (event.key === 'Escape') onCancel();
    else return;
    event.preventDefault();
  });
  place.append(field);
  return {
    isPlain: true,
    get text() {
      return field.value;
    },
    set text(value) {
      field.value = value;
      onChange(value);
    },
    focus: () => field.focus(),
  };
}
