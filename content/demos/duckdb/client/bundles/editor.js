// CodeMirror, with what a query editor needs of it. Styles go into a shadow root as constructed sheets: the page's policy refuses
// elements with styles in them.
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, drawSelection, highlightSpecialChars, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { duckdb } from './dialect.js';

const colors = HighlightStyle.define([
  { tag: tags.keyword, color: '#8fb0ff', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: '#7ee2a8' },
  { tag: [tags.number, tags.bool, tags.null], color: '#ffad85' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: '#e6b3ff' },
  { tag: tags.comment, color: '#a2a4ad', fontStyle: 'italic' },
]);

const look = EditorView.theme({
  '&': { height: '100%', color: '#f1f2f4', backgroundColor: 'transparent', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: '"Geist Mono", ui-monospace, monospace', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { caretColor: '#f1f2f4', padding: '12px 0' },
  '.cm-line': { padding: '0 14px' },
  '.cm-cursor': { borderLeftColor: '#f1f2f4', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: '#2d3f6b' },
  '.cm-matchingBracket': { backgroundColor: '#2b2e37', outline: '1px solid #4a4c55' },
  '.cm-tooltip': { backgroundColor: '#17181d', border: '1px solid #3a3c44', borderRadius: '8px', overflow: 'hidden', color: '#f1f2f4' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: '"Geist Mono", ui-monospace, monospace' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '4px 10px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: '#2d3f6b', color: '#ffffff' },
  '.cm-completionDetail': { color: '#a2a4ad', fontStyle: 'normal' },
}, { dark: true });

/**
 * A browser that types over a selection keeps its colours by a style of its own in the text, which the page's policy refuses, and says so on the console.
 * So what is typed over one is put there as any other change.
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main } = view.state.selection;
    if (event.inputType !== 'insertText' || !event.data || event.isComposing || main.empty) return false;
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
    const handled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, main.from, main.to, event.data, insert));
    if (!handled) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

/**
 * @param {HTMLElement} place whose shadow root it is put into
 * @param {{text: string, label: string, schema: object, onRun: () => void, onCancel: () => boolean, onChange: (text: string) => void}} options
 */
export function openEditor(place, { text, label, schema, onRun, onCancel, onChange }) {
  const root = place.attachShadow({ mode: 'open' });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (onRun(), true) }, { key: 'Escape', run: onCancel }])),
        // Tab completes what is offered and otherwise moves on: an editor is no trap for who has no mouse.
        keymap.of([{ key: 'Tab', run: acceptCompletion }, ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        highlightSpecialChars(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), autocompletion({ icons: false }),
        duckdb(schema),
        syntaxHighlighting(colors), look, typedOver, EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    // As one change: what stood there before is one undo away.
    set text(value) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
    },
    focus: () => view.focus(),
  };
}
