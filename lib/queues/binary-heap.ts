// A binary heap in an array, smallest item first, with heapq's order among items that compare equal.
//
//             0            the children of i stand at 2i + 1 and 2i + 2
//        1         2
//      3   4     5   6
//
// All comparisons are made before anything moves: when one throws, the heap is as it was, and no item is lost.

export type ComesBefore<T> = (a: T, b: T) => boolean;

/** Adds an item. */
export function pushOnHeap<T>(heap: T[], item: T, comesBefore: ComesBefore<T>): void {
  let place = heap.length;
  while (place > 0 && comesBefore(item, heap[parentOf(place)]!)) place = parentOf(place);
  for (let at = heap.length; at > place; at = parentOf(at)) heap[at] = heap[parentOf(at)]!;
  heap[place] = item;
}

/** Takes the smallest item. The heap must not be empty. */
export function popFromHeap<T>(heap: T[], comesBefore: ComesBefore<T>): T {
  const length = heap.length - 1;
  const last = heap[length]!;
  // Down to a leaf along the smaller children, then up again to where `last` belongs: it came from the bottom and seldom rises
  // far, so this compares less often than stopping on the way down.
  let place = 0;
  while (2 * place + 1 < length) place = smallerChild(heap, place, length, comesBefore);
  while (place > 0 && comesBefore(last, heap[place]!)) place = parentOf(place);
  heap.pop();
  if (length === 0) return last;
  let carried = last;
  for (let at = place; ; at = parentOf(at)) {
    [heap[at], carried] = [carried, heap[at]!];
    if (at === 0) return carried;
  }
}

function parentOf(place: number): number {
  return (place - 1) >> 1;
}

function smallerChild<T>(heap: T[], place: number, length: number, comesBefore: ComesBefore<T>): number {
  const left = 2 * place + 1;
  const right = left + 1;
  return right < length && !comesBefore(heap[left]!, heap[right]!) ? right : left;
}
