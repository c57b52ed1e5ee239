/** More pixels than this a page is not painted with: some phones refuse, and all have little memory. */
const MOST_PIXELS = 6_000_000;

/** The number of the page in view: the last that begins above the middle of the scroller. */
export function visiblePage(tops: readonly number[], scrolled: number, height: number): number {
  const middle = scrolled + height / 2;
  let [low, high] = [0, tops.length];
  while (low < high) {
    const between = (low + high) >> 1;
    if ((tops[between] ?? Infinity) <= middle) low = between + 1;
    else high = between;
  }
  return Math.max(1, low);
}

/** Pixels per point of the page, so that it is sharp at this width on the screen. */
export function renderScale(
  page: { width: number; height: number },
  width: number,
  pixelRatio: number,
): number {
  const scale = (width / page.width) * pixelRatio;
  const most = Math.sqrt(MOST_PIXELS / (page.width * page.height));
  return Math.min(scale, most);
}
