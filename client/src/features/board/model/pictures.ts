import type { StoreApi } from 'zustand/vanilla';
import type { Size } from './camera';

/** Whether a picture can be painted now. */
export type PictureState = { at: 'there'; bitmap: ImageBitmap } | { at: 'coming' | 'gone' };

/** The state of the picture at an address; asking starts to fetch it. */
export type PictureLookup = (src: string) => PictureState;

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

/** What the board needs of files; provided by the room session. */
export interface Pictures {
  readonly look: PictureLookup;
  /** As soon as it can be painted; none when it cannot. */
  ready(src: string): Promise<ImageBitmap | undefined>;
  /** Calls back when the state of a picture changes, until the returned function is called. */
  onChange(listener: (src: string) => void): () => void;
  /** Of a file not yet shared; none where it is no picture. */
  sizeOf(file: File): Promise<Size | undefined>;
  /** Uploads a picture; `there` gets its address when the room has it. */
  upload(file: File, there: (src: string) => void): void;
  /** Shares what is no picture. */
  share(files: readonly File[]): void;
  readonly uploads: Pick<
    StoreApi<{ readonly uploads: readonly Upload[] }>,
    'getState' | 'getInitialState' | 'subscribe'
  >;
  retry(id: string): void;
  cancel(id: string): void;
}
