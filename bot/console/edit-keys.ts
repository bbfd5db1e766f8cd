/** What a text editor's keys do: undo and redo, a new line with its indent, indenting of lines. */

import {
  Annotation,
  type ChangeSet,
  type EditorSelection,
  type Extension,
  type StateCommand,
} from "@codemirror/state";
import { EditorView, type KeyBinding, keymap } from "@codemirror/view";

interface Past {
  readonly changes: ChangeSet;
  readonly selection: EditorSelection;
  readonly at: number;
  readonly isTyping: boolean;
}

const replay = Annotation.define<"undo" | "redo">();
/** Letters typed within this time are undone together. */
const TOGETHER_MS = 700;
const MAX_PAST = 500;

/** Undo that lives as long as the editor. */
export function undoHistory(): Extension {
  let past: Past[] = [];
  let future: Past[] = [];
  const record = EditorView.updateListener.of((update) => {
    for (const tr of update.transactions) {
      if (!tr.docChanged) continue;
      const one: Past = {
        changes: tr.changes.invert(tr.startState.doc),
        selection: tr.startState.selection,
        at: Date.now(),
        isTyping: tr.isUserEvent("input.type") || tr.isUserEvent("delete.backward"),
      };
      const kind = tr.annotation(replay);
      if (kind === "undo") future.push(one);
      else {
        if (!kind) future = [];
        const last = past.at(-1);
        if (!kind && last && last.isTyping && one.isTyping && one.at - last.at < TOGETHER_MS) {
          past[past.length - 1] = { ...last, changes: one.changes.compose(last.changes), at: one.at };
        } else past = [...past.slice(-MAX_PAST), one];
      }
    }
  });
  const step = (kind: "undo" | "redo") => (view: EditorView) => {
    const one = (kind === "undo" ? past : future).pop();
    if (!one) return true;
    view.dispatch({
      changes: one.changes,
      selection: one.selection,
      annotations: replay.of(kind),
      scrollIntoView: true,
      userEvent: kind,
    });
    return true;
  };
  const keys: KeyBinding[] = [
    { key: "Mod-z", run: step("undo"), preventDefault: true },
    { key: "Mod-y", run: step("redo"), preventDefault: true },
    { key: "Mod-Shift-z", run: step("redo"), preventDefault: true },
  ];
  return [record, keymap.of(keys)];
}

/** An item of a list that is whole by itself: words, or `{…}`; what has a name and a colon goes on below it. */
const WHOLE_ITEM = /^( *- )(?!- )(?:["'{[].*|(?![^\s"'][^:]*:(?: |$)).*\S.*)$/;
const EMPTY_ITEM = /^ *- *$/;

/**
 * A new line as deep as this one; deeper after a colon at its end. At the end of a list's item it begins the next one,
 * and where that stays empty, Enter ends the list.
 */
export const newLine: StateCommand = ({ state, dispatch }) => {
  const { from, to } = state.selection.main;
  const line = state.doc.lineAt(from);
  const left = state.sliceDoc(line.from, from);
  const indent = /^ */.exec(left)?.[0] ?? "";
  const isAtEnd = from === to && state.sliceDoc(from, line.to).trim() === "";
  if (isAtEnd && EMPTY_ITEM.test(left)) {
    dispatch(state.update({ changes: { from: line.from, to: line.to }, userEvent: "input" }));
    return true;
  }
  const item = isAtEnd ? WHOLE_ITEM.exec(left)?.[1] : undefined;
  if (item !== undefined && !/^ *- [|>][-+]?\s*$/.test(left)) {
    dispatch(
      state.update({
        changes: { from, to: line.to, insert: `\n${item}` },
        selection: { anchor: from + 1 + item.length },
        userEvent: "input",
        scrollIntoView: true,
      }),
    );
    return true;
  }
  const isOpening = /:\s*([|>][-+]?)?\s*$/.test(left) && left.trim() !== "";
  const dash = /^ *((?:- )+)/.exec(left)?.[1] ?? "";
  const insert = `\n${indent}${" ".repeat(dash.length)}${isOpening ? "  " : ""}`;
  dispatch(
    state.update({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      userEvent: "input",
      scrollIntoView: true,
    }),
  );
  return true;
};

/** Two spaces more or less on every chosen line. Tab itself stays with the keyboard's way through the page. */
export function indentLines(isMore: boolean): StateCommand {
  return ({ state, dispatch }) => {
    const { from, to } = state.selection.main;
    const changes: { from: number; to?: number; insert?: string }[] = [];
    for (let n = state.doc.lineAt(from).number; n <= state.doc.lineAt(to).number; n++) {
      const line = state.doc.line(n);
      const spaces = /^ {0,2}/.exec(line.text)?.[0].length ?? 0;
      if (isMore) changes.push({ from: line.from, insert: "  " });
      else if (spaces > 0) changes.push({ from: line.from, to: line.from + spaces });
    }
    dispatch(state.update({ changes, userEvent: "input.indent" }));
    return true;
  };
}

export const editKeys: Extension = keymap.of([
  { key: "Enter", run: newLine },
  { key: "Mod-]", run: indentLines(true), preventDefault: true },
  { key: "Mod-[", run: indentLines(false), preventDefault: true },
]);
