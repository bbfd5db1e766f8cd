/** The text editor: YAML and Markdown with colours, completion from the schema, and problems at their lines. */

import "@fontsource/jetbrains-mono/latin-400.css";
import "@fontsource/jetbrains-mono/latin-ext-400.css";
import "@fontsource/jetbrains-mono/vietnamese-400.css";
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { yaml, yamlFrontmatter } from "@codemirror/lang-yaml";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import type { ContentKind, Problem } from "../web/api-types.ts";
import { schemaCompletion } from "./completion.ts";
import { editKeys, undoHistory } from "./edit-keys.ts";
import type { Schema } from "./schema-walk.ts";

export interface EditorHandle {
  readonly goToLine: (line: number, column?: number) => void;
}

interface EditorProps {
  readonly kind: ContentKind;
  readonly label: string;
  readonly source: string;
  readonly problems: readonly Problem[];
  /** A problem in words. */
  readonly say: (problem: Problem) => string;
  readonly schema: Schema | null;
  /** Where to begin to read. */
  readonly startLine: number | undefined;
  readonly onChange: (source: string) => void;
  readonly onSave: () => void;
  readonly ref?: Ref<EditorHandle>;
}

/** Headings of Markdown stand out; the rest is plain text. */
const markdown = StreamLanguage.define<object>({
  startState: () => ({}),
  token: (stream) => {
    const isHeading = stream.sol() && /^#{1,6}\s/.test(stream.string);
    stream.skipToEnd();
    return isHeading ? "heading" : null;
  },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, class: "tok-key" },
  { tag: [tags.string, tags.special(tags.string)], class: "tok-text" },
  { tag: tags.comment, class: "tok-comment" },
  { tag: [tags.keyword, tags.bool, tags.number, tags.atom], class: "tok-value" },
  { tag: tags.heading, class: "tok-heading" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.meta], class: "tok-mark" },
]);

export function Editor(props: EditorProps) {
  const { kind, label, source, problems, say, ref } = props;
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  latest.current = props;
  // The editor is made once for a text; later texts are put in below.
  useEffect(() => {
    const made = new EditorView({
      parent: box.current ?? document.body,
      state: EditorState.create({ doc: latest.current.source, extensions: extensions(kind, label, latest) }),
    });
    view.current = made;
    if (latest.current.startLine !== undefined) goTo(made, latest.current.startLine, 1);
    return () => made.destroy();
  }, [kind, label]);
  useEffect(() => {
    const now = view.current;
    if (!now || now.state.doc.toString() === source) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: source } });
  }, [source]);
  useEffect(() => {
    const now = view.current;
    if (now)
      now.dispatch(
        setDiagnostics(
          now.state,
          problems.map((p) => asDiagnostic(p, now.state, say(p))),
        ),
      );
  }, [problems, say]);
  useImperativeHandle(ref, () => ({
    goToLine: (line, column = 1) => {
      if (view.current) goTo(view.current, line, column);
    },
  }));
  return <div className="editor-box" ref={box} />;
}

function goTo(view: EditorView, line: number, column: number): void {
  const row = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
  view.dispatch({
    selection: { anchor: Math.min(row.from + column - 1, row.to) },
    effects: EditorView.scrollIntoView(row.from, { y: "center" }),
  });
  view.focus();
}

function extensions(kind: ContentKind, label: string, latest: { current: EditorProps }) {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
  return [
    EditorView.cspNonce.of(nonce),
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
    EditorView.lineWrapping,
    lineNumbers(),
    lintGutter(),
    drawSelection(),
    highlightActiveLine(),
    EditorState.tabSize.of(2),
    kind === "article" ? yamlFrontmatter({ content: markdown }) : yaml(),
    syntaxHighlighting(colours),
    autocompletion({ override: [schemaCompletion(() => latest.current.schema)] }),
    keymap.of([
      { key: "Mod-s", preventDefault: true, run: () => saved(latest.current.onSave) },
      ...completionKeymap,
      ...lintKeymap,
    ]),
    undoHistory(),
    editKeys,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.onChange(update.state.doc.toString());
    }),
  ];
}

function asDiagnostic(problem: Problem, state: EditorState, words: string): Diagnostic {
  const line = state.doc.line(Math.max(1, Math.min(problem.line ?? 1, state.doc.lines)));
  const start = Math.min(
    line.to,
    line.from + Math.max(0, (problem.column ?? 0) - 1, /^\s*/.exec(line.text)?.[0].length ?? 0),
  );
  return {
    from: start,
    to: Math.max(start, line.to),
    severity: problem.severity,
    message: problem.field ? `${problem.field}: ${words}` : words,
  };
}

/** A key that saved is done with: the browser's own "save page" must not open. */
function saved(save: () => void): true {
  save();
  return true;
}
