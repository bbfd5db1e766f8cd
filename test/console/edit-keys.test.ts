/** Enter in the editor: what an author expects in lists, under names and in plain text. */

import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { newLine } from "../../bot/console/edit-keys.ts";

/** `|` marks the cursor, before and after. */
function enter(marked: string): string {
  const anchor = marked.indexOf("|");
  let state = EditorState.create({ doc: marked.replace("|", ""), selection: { anchor } });
  newLine({
    state,
    dispatch: (tr) => {
      state = tr.state;
    },
  });
  const text = state.doc.toString();
  const { head } = state.selection.main;
  return `${text.slice(0, head)}|${text.slice(head)}`;
}

describe("Enter", () => {
  it.each([
    ["begins the next item after words in quotes", '  vi:\n    - "a: b"|', '  vi:\n    - "a: b"\n    - |'],
    ["… after plain words", "related:\n  - one|\n  - two", "related:\n  - one\n  - |\n  - two"],
    ["… after an item on one line", "phones:\n  - { number: 113 }|", "phones:\n  - { number: 113 }\n  - |"],
    ["… in a list of a passage", "- Tắt nguồn.|", "- Tắt nguồn.\n- |"],
    ["ends the list where the item stays empty", "a:\n  - one\n  - |\nb: 1", "a:\n  - one\n|\nb: 1"],
    ["goes on below an item that has names", "  - title: Báo|", "  - title: Báo\n    |"],
    ["goes deeper after a colon", "title:|", "title:\n  |"],
    ["goes deeper after a colon in an item", "  - if:|", "  - if:\n      |"],
    ["goes on below a text of several lines", "  - >-|", "  - >-\n    |"],
    ["stays as deep in the middle of an item", '  - "ab|cd"', '  - "ab\n    |cd"'],
    ["stays as deep elsewhere", "  vi: Chào|", "  vi: Chào\n  |"],
  ])("%s", (_, before, after) => {
    expect(enter(before)).toBe(after);
  });
});
