/** The name of an edited thing among all of them. */

export function keyOf(thing: { readonly kind: string; readonly key: string }): string {
  return `${thing.kind}:${thing.key}`;
}
