/** The positions of the highest scores, without putting all in order. */

/** One score in so many is looked at to see about where the highest begin. */
const SAMPLED = 16;

/** The positions of the `count` highest scores above 0, in no order. */
export function best(scores: Float32Array, count: number): Int32Array {
  const heap = new Int32Array(count);
  // A floor that nearly every score lies under makes going through them several times faster; too high a one is seen.
  const expected = Math.ceil((1.5 * count) / SAMPLED) + 3;
  if (scores.length > 4 * SAMPLED * expected) {
    const sampled = fillHeap(heap.subarray(0, expected), scores, SAMPLED, 0);
    const floor = sampled < expected ? 0 : (scores[heap[0] ?? 0] ?? 0);
    if (floor > 0 && fillHeap(heap, scores, 1, floor) === count) return heap;
  }
  return heap.subarray(0, fillHeap(heap, scores, 1, 0));
}

/** Fills a heap, whose root is the lowest, with the positions of the highest scores above `floor`, of every `step`-th; how many it has. */
function fillHeap(heap: Int32Array, scores: Float32Array, step: number, floor: number): number {
  let size = 0;
  let low = floor;
  for (let at = 0; at < scores.length; at += step) {
    // Nearly every passage ends here.
    if ((scores[at] ?? 0) <= low) continue;
    if (size < heap.length) {
      heap[size] = at;
      siftUp(heap, scores, size++);
    } else {
      heap[0] = at;
      siftDown(heap, scores, size);
    }
    if (size === heap.length) low = scores[heap[0] ?? 0] ?? 0;
  }
  return size;
}

/** The same among some positions only; each score stands above 0. */
export function bestOf(positions: Int32Array, scores: Float32Array, count: number): Int32Array {
  if (positions.length <= count) return positions;
  const heap = positions.slice(0, count);
  for (let i = 1; i < count; i++) siftUp(heap, scores, i);
  for (let i = count; i < positions.length; i++) {
    const at = positions[i] ?? 0;
    if ((scores[at] ?? 0) <= (scores[heap[0] ?? 0] ?? 0)) continue;
    heap[0] = at;
    siftDown(heap, scores, count);
  }
  return heap;
}

function siftUp(heap: Int32Array, scores: Float32Array, from: number): void {
  let i = from;
  const at = heap[i] ?? 0;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent] ?? 0;
    if ((scores[above] ?? 0) <= (scores[at] ?? 0)) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = at;
}

function siftDown(heap: Int32Array, scores: Float32Array, size: number): void {
  const at = heap[0] ?? 0;
  const score = scores[at] ?? 0;
  let i = 0;
  for (let child = 1; child < size; child = 2 * i + 1) {
    const other = child + 1;
    if (other < size && (scores[heap[other] ?? 0] ?? 0) < (scores[heap[child] ?? 0] ?? 0)) child = other;
    if ((scores[heap[child] ?? 0] ?? 0) >= score) break;
    heap[i] = heap[child] ?? 0;
    i = child;
  }
  heap[i] = at;
}
