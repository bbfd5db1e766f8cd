/** Reading a request's body without ever holding more than was allowed. */

/** The bytes, or null when there are more than `maxBytes`. */
export async function readCapped(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  const announced = request.headers.get("content-length");
  if (Number(announced ?? 0) > maxBytes) return null;
  // Node's parser holds a sender to the length that was announced, and read in one piece costs far less.
  if (announced !== null) {
    const whole = new Uint8Array(await request.arrayBuffer());
    return whole.byteLength > maxBytes ? null : whole;
  }
  if (!request.body) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts);
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
}
