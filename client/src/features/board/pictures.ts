import type { StoreApi } from 'zustand/vanilla';
import type { Size } from './camera';

/** A picture of the room as it can be painted now. */
export type Look = { at: 'there'; bitmap: ImageBitmap } | { at: 'coming' | 'gone' };

/** What the painter asks: how does the picture at this address look? Asking has it fetched. */
export type Looks = (src: string) => Look;

/** A file on its way to the room. */
export interface Upload {
  readonly id: string;
  /** Absent after a reload. */
  readonly file?: File | undefined;
  readonly sent: number;
  readonly status: 'uploading' | 'failed' | 'interrupted';
  /** Why it stopped, as text. */
  readonly error?: string | undefined;
}

/** All that the board needs of files; who knows them provides it. */
export interface Pictures {
  readonly look: Looks;
  /** As soon as it can be painted; none when it cannot. */
  ready(src: string): Promise<ImageBitmap | undefined>;
  /** Calls back when a picture looks otherwise, until the returned function is called. */
  onChange(listener: (src: string) => void): () => void;
  /** Of a file not yet shared; none where it is no picture. */
  sizeOf(file: File): Promise<Size | undefined>;
  /** Shares a picture, and tells where it is. */
  bring(file: File, there: (src: string) => void): void;
  /** Shares what is no picture. */
  share(files: readonly File[]): void;
  readonly uploads: Pick<
    StoreApi<{ readonly uploads: readonly Upload[] }>,
    'getState' | 'getInitialState' | 'subscribe'
  >;
  retry(id: string): void;
  cancel(id: string): void;
}
