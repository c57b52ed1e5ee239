import { TextLayer, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** Lays the text of a page over its picture, to be selected and read aloud. */
export function renderTextLayer(page: PDFPageProxy, onto: HTMLElement, width: number): () => void {
  const whole = page.getViewport({ scale: 1 });
  onto.replaceChildren();
  onto.style.setProperty('--total-scale-factor', String((width * page.userUnit) / whole.width));
  const layer = new TextLayer({
    textContentSource: page.streamTextContent(),
    container: onto,
    viewport: page.getViewport({ scale: width / whole.width }),
  });
  // A page without it can still be seen.
  layer.render().catch(() => undefined);
  return () => layer.cancel();
}
