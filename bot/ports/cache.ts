/** What was made of a text, kept for the next start. It may forget anything at any time; it never gives back another thing. */

export interface Cache {
  /** The JSON that was kept under this name for exactly this text, or undefined. */
  get(name: string, text: string): string | undefined;
  put(name: string, text: string, json: string): void;
  /**
   * Writes down what was put and lets go of everything: from now on nothing is found and nothing kept. Never throws:
   * where nothing can be written, the next start finds what this one found.
   */
  close(): void;
}
