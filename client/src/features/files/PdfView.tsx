import { useEffect, useRef, useState, type RefObject } from 'react';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { fetchSignedUrl, RequestError } from '../../connection';
import type { Attachment } from '../../protocol';
import type { Files } from './files';
import { openPdf, pdfErrorMessage, type RangeReader } from './pdfDocument';
import { PdfPage } from './PdfPage';
import { visiblePage } from './pdfPages';
import styles from './PdfView.module.css';

interface Opened {
  pdf: PDFDocumentProxy;
  first: { width: number; height: number };
}

const TRIES = 3;
const PAUSE_MS = 1_000;

/** The pages of a PDF, one below the other. */
export default function PdfView({ file, files }: { file: Attachment; files: Files }) {
  const [opened, setOpened] = useState<Opened>();
  const [trouble, setTrouble] = useState<string>();

  useEffect(() => {
    let wanted = true;
    const fail = (error: unknown) => {
      if (wanted) setTrouble(pdfErrorMessage(error));
    };
    const open = openPdf(file.size, reader(files, file.fileUrl), fail);
    const begin = async () => {
      const pdf = await open.document;
      const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 });
      if (wanted) setOpened({ pdf, first: { width, height } });
    };
    begin().catch(fail);
    return () => {
      wanted = false;
      open.close();
    };
  }, [file.fileUrl, file.size, files]);

  if (trouble !== undefined) {
    return (
      <p className={styles.word} role="alert">
        {trouble} Download it to open it elsewhere.
      </p>
    );
  }
  if (!opened) {
    return (
      <p className={styles.word} role="status">
        Opening…
      </p>
    );
  }
  return <Pages {...opened} />;
}

function Pages({ pdf, first }: Opened) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const [shown, setShown] = useState(1);
  const width = useWidth(list);

  const look = () => {
    if (!scroller.current || !list.current) return;
    const tops = [...list.current.children].map((page) => (page as HTMLElement).offsetTop);
    setShown(visiblePage(tops, scroller.current.scrollTop, scroller.current.clientHeight));
  };
  return (
    <div className={styles.view}>
      {/* Whoever has no mouse scrolls it by the keys, so it takes the focus. */}
      <div
        ref={scroller}
        className={styles.scroller}
        tabIndex={0}
        role="document"
        aria-label="Pages"
        onScroll={look}
      >
        <ol ref={list} className={styles.pages}>
          {Array.from({ length: pdf.numPages }, (_, index) => (
            <PdfPage key={index} pdf={pdf} number={index + 1} width={width} guess={first} />
          ))}
        </ol>
      </div>
      <p className={styles.number} role="status" aria-label={`Page ${shown} of ${pdf.numPages}`}>
        {shown} / {pdf.numPages}
      </p>
    </div>
  );
}

/** How wide an element is, in whole pixels. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element.current) return;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.round(entry.contentRect.width));
    });
    watch.observe(element.current);
    return () => watch.disconnect();
  }, [element]);
  return width;
}

/** Reads a file where it is kept; its address may end while one reads, so each time it is asked for. */
function reader(files: Pick<Files, 'links'>, fileUrl: string): RangeReader {
  return async (from, to) => {
    for (let tried = 1; ; tried++) {
      try {
        const inline = (await files.links(fileUrl))?.inline;
        if (inline === undefined) throw new RequestError('unavailable', 'No address.', true);
        return new Uint8Array(await (await fetchSignedUrl(inline, { from, to })).arrayBuffer());
      } catch (error) {
        const passes = error instanceof RequestError && error.retryable && tried < TRIES;
        if (!passes) throw error;
        await new Promise((wait) => setTimeout(wait, PAUSE_MS * tried));
      }
    }
  };
}
