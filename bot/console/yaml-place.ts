/** Where the cursor stands in a YAML text: the path of keys above it, and whether a key or a value is being written. */

export interface Place {
  /** Keys from the top; `[]` is an item of a list. */
  readonly path: readonly string[];
  readonly writing: "key" | "value";
  /** What stands already of the word, and where it begins. */
  readonly word: string;
  readonly from: number;
  /** Keys that this mapping has already. */
  readonly siblings: readonly string[];
}

interface Row {
  readonly indent: number;
  readonly dashes: number;
  readonly key: string | null;
  readonly isBlock: boolean;
}

interface Entry {
  readonly indent: number;
  readonly key: string;
}

const KEY = /^("[^"]*"|'[^']*'|[\w.-]+):(?:\s|$)/;

/** The place of `at` (an offset) in `text`; null within a comment or a block of text. */
export function placeAt(text: string, at: number): Place | null {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const above = text.slice(0, lineStart).split("\n").slice(0, -1);
  const left = text.slice(lineStart, at);
  if (/(^|\s)#/.test(left) || isInBlock(above, left)) return null;
  const row = readRow(left);
  const stack = stackOf(above);
  // Dashes on this very line open items.
  let indent = row.indent;
  for (let n = 0; n < row.dashes; n++) {
    dropTo(stack, indent, true);
    stack.push({ indent, key: "[]" });
    indent += 2;
  }
  const rest = left.slice(Math.min(indent, left.length));
  const value = /^("[^"]*"|'[^']*'|[\w.-]+):\s+(.*)$/.exec(rest);
  dropTo(stack, indent, false);
  const path = stack.map((entry) => entry.key);
  if (value) {
    const word = /[^\s,[\]{}"']*$/.exec(value[2] ?? "")?.[0] ?? "";
    const isInList = /^\s*\[/.test(value[2] ?? "");
    return {
      path: [...path, bare(value[1] ?? ""), ...(isInList ? ["[]"] : [])],
      writing: "value",
      word,
      from: at - word.length,
      siblings: [],
    };
  }
  const word = /[\w.-]*$/.exec(rest)?.[0] ?? "";
  const below = text.slice(at).split("\n").slice(1);
  return {
    path,
    writing: "key",
    word,
    from: at - word.length,
    siblings: siblingsOf(row.dashes > 0 ? [] : above, below, indent),
  };
}

function readRow(line: string): Row {
  let rest = line;
  let indent = /^ */.exec(rest)?.[0].length ?? 0;
  const first = indent;
  rest = rest.slice(indent);
  let dashes = 0;
  while (/^-(\s|$)/.test(rest)) {
    dashes += 1;
    const skip = /^-\s*/.exec(rest)?.[0].length ?? 1;
    rest = rest.slice(skip);
    indent += 2;
  }
  const key = KEY.exec(rest)?.[1] ?? null;
  return {
    indent: first,
    dashes,
    key: key === null ? null : bare(key),
    isBlock: /:\s*[|>][-+\d]*\s*$/.test(rest),
  };
}

function bare(key: string): string {
  return key.replace(/^["']|["']$/g, "");
}

function isBlank(line: string): boolean {
  return /^\s*(#.*)?$/.test(line);
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** The open keys above a line. */
function stackOf(lines: readonly string[]): Entry[] {
  const stack: Entry[] = [];
  let block = -1;
  for (const line of lines) {
    if (isBlank(line)) continue;
    if (block >= 0 && indentOf(line) > block) continue;
    block = -1;
    const row = readRow(line);
    let indent = row.indent;
    for (let n = 0; n < row.dashes; n++) {
      dropTo(stack, indent, true);
      stack.push({ indent, key: "[]" });
      indent += 2;
    }
    if (row.key === null) continue;
    dropTo(stack, indent, false);
    stack.push({ indent, key: row.key });
    if (row.isBlock) block = indent;
  }
  return stack;
}

/** Closes what is as deep or deeper. A dash may stand as deep as the key that it belongs to. */
function dropTo(stack: Entry[], indent: number, isDash: boolean): void {
  for (;;) {
    const top = stack.at(-1);
    if (!top || top.indent < indent || (isDash && top.indent === indent && top.key !== "[]")) return;
    stack.pop();
  }
}

function isInBlock(above: readonly string[], left: string): boolean {
  const own = left.trim() === "" ? left.length : indentOf(left);
  let depth = own;
  for (let i = above.length - 1; i >= 0; i--) {
    const line = above[i] ?? "";
    if (isBlank(line) || indentOf(line) >= depth) continue;
    if (readRow(line).isBlock) return true;
    depth = indentOf(line);
  }
  return false;
}

/** Keys as deep as `indent` around the line, until something less deep ends the mapping. */
function siblingsOf(above: readonly string[], below: readonly string[], indent: number): string[] {
  const found: string[] = [];
  const walk = (lines: readonly string[], isUp: boolean) => {
    for (const line of lines) {
      if (isBlank(line)) continue;
      const row = readRow(line);
      const depth = row.indent + row.dashes * 2;
      if (row.indent < indent && depth !== indent) return;
      if (row.dashes > 0 && row.indent < indent && !isUp) return;
      if (depth === indent && row.key !== null) found.push(row.key);
      // Upwards, the dash begins the item: what is above belongs to another.
      if (row.dashes > 0 && row.indent < indent) return;
    }
  };
  walk(above.toReversed(), true);
  walk(below, false);
  return found;
}
