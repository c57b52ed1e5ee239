import {
  getDocument,
  GlobalWorkerOptions,
  InvalidPDFException,
  PasswordException,
  PDFDataRangeTransport,
  VerbosityLevel,
  version,
  type PDFDocumentProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?worker&url';

GlobalWorkerOptions.workerSrc = workerUrl;

/** See pdfAssets.ts. */
const PARTS = import.meta.env.DEV ? '/node_modules/pdfjs-dist/' : `/assets/pdfjs-${version}/`;

/** Bytes of one range request: of a large file only the pages in view are loaded. */
const PIECE = 512 * 1024;

export type RangeReader = (from: number, to: number) => Promise<Uint8Array>;

/** Asks for a file piece by piece, each when it is needed. */
class Pieces extends PDFDataRangeTransport {
  #ended = false;

  constructor(
    size: number,
    private readonly read: RangeReader,
    private readonly failed: (error: unknown) => void,
  ) {
    super(size, null);
  }

  override requestDataRange(from: number, to: number): void {
    this.read(from, to).then(
      (bytes) => {
        if (!this.#ended) this.onDataRange(from, bytes);
      },
      (error: unknown) => {
        if (!this.#ended) this.failed(error);
      },
    );
  }

  override abort(): void {
    this.#ended = true;
  }
}

export interface OpenPdf {
  readonly document: Promise<PDFDocumentProxy>;
  close(): void;
}

/**
 * Opens a PDF. Nothing in it is run: scripts need a sandbox that is not here, and links are only painted.
 * `broke` is told when a piece does not come, also later.
 */
export function openPdf(size: number, read: RangeReader, broke: (error: unknown) => void): OpenPdf {
  const task = getDocument({
    range: new Pieces(size, read, broke),
    rangeChunkSize: PIECE,
    disableStream: true,
    disableAutoFetch: true,
    enableXfa: false,
    useWasm: false,
    disableWorkerRendering: true,
    cMapUrl: `${PARTS}cmaps/`,
    standardFontDataUrl: `${PARTS}standard_fonts/`,
    wasmUrl: `${PARTS}wasm/`,
    verbosity: VerbosityLevel.ERRORS,
  });
  return {
    document: task.promise,
    close: () => void task.destroy().catch(() => undefined),
  };
}

/** Why a PDF cannot be shown. */
export function pdfErrorMessage(error: unknown): string {
  if (error instanceof PasswordException) return 'This PDF is protected by a password.';
  if (error instanceof InvalidPDFException) return 'This PDF is damaged, or it is none.';
  return 'This PDF could not be loaded.';
}
