/** The part of an `ImageBitmap` that the cache uses. */
interface Bitmap {
  readonly width: number;
  readonly height: number;
  close(): void;
}

/** Four bytes each: about 100 MB. */
export const MOST_PIXELS = 24_000_000;
const LONGEST_SIDE = 2048;
const SHORTEST_SIDE = 128;

/** An LRU cache of decoded pictures, bounded by their pixels. */
export class BitmapCache<B extends Bitmap> {
  /** Least recently used first. */
  readonly #bitmaps = new Map<string, B>();
  #pixels = 0;

  constructor(private readonly most = MOST_PIXELS) {}

  get(key: string): B | undefined {
    const bitmap = this.#bitmaps.get(key);
    if (!bitmap) return undefined;
    this.#bitmaps.delete(key);
    this.#bitmaps.set(key, bitmap);
    return bitmap;
  }

  set(key: string, bitmap: B): void {
    this.delete(key);
    this.#bitmaps.set(key, bitmap);
    this.#pixels += bitmap.width * bitmap.height;
    for (const old of this.#bitmaps.keys()) {
      if (this.#pixels <= this.most || old === key) break;
      this.delete(old);
    }
  }

  delete(key: string): void {
    const bitmap = this.#bitmaps.get(key);
    if (!bitmap) return;
    this.#bitmaps.delete(key);
    this.#pixels -= bitmap.width * bitmap.height;
    bitmap.close();
  }

  clear(): void {
    for (const key of [...this.#bitmaps.keys()]) this.delete(key);
  }
}

/**
 * How large pictures are decoded when there are that many. The more, the smaller, so that all of them
 * fit: those that push one another out would be fetched for ever.
 */
export function maxSideFor(count: number, most = MOST_PIXELS): number {
  const side = Math.floor(Math.sqrt(most / Math.max(1, count)));
  return Math.min(LONGEST_SIDE, Math.max(SHORTEST_SIDE, side));
}
