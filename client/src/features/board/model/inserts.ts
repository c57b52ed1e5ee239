import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Element, Point } from '../../../protocol';
import type { BoardEditor } from './boardState';
import type { Pictures } from './pictures';
import { avoidOverlap, placePicture, type Rect } from './placement';
import { foldersMessage, isolated, type TransferredFiles } from '../../../ui';

/** A picture that is being uploaded, with its place on the board. */
export interface PendingPicture extends Rect {
  readonly file: File;
  /** An object URL that shows it meanwhile. */
  readonly url: string;
}

/** Puts pictures on the board. */
export interface Inserts {
  readonly store: StoreApi<{ readonly pending: readonly PendingPicture[] }>;
  /** Inserts a file of the room in the middle of the view. */
  insert(src: string): Promise<void>;
  /** Uploads files and inserts them at a point or in the middle; files of other types are only shared. */
  addFiles(given: TransferredFiles, at?: Point): Promise<void>;
  dispose(): void;
}

export function createInserts(
  board: Omit<BoardEditor, 'get'>,
  pictures: Pictures,
  tell: (words: string) => void,
): Inserts {
  const store = createStore<{ pending: readonly PendingPicture[] }>(() => ({ pending: [] }));

  const mayDraw = () => {
    const { mayDraw: may } = board.store.getState();
    if (!may) tell('You may not draw on this board.');
    return may;
  };

  function freePlace(size: { width: number; height: number }, at?: Point): Rect {
    const view = board.viewport.store.getState();
    const images = [...board.elements()].filter((element) => element.kind === 'image');
    const taken = [...images.map(rectOf), ...store.getState().pending];
    return avoidOverlap(placePicture(size, view, at), taken, view.camera.scale);
  }

  function put(src: string, { x, y, w, h }: Rect): void {
    if (!mayDraw()) return;
    const id = board.newId();
    const element: Element = { id, kind: 'image', src, x, y, w, h, color: '#000000', width: 1 };
    board.draw([{ type: 'put', element }]);
    board.record({ kind: 'remove', ids: [id] });
    // A new picture is usually moved next.
    board.store.setState({ tool: 'move' });
  }

  function remove(file: File): PendingPicture | undefined {
    const { pending } = store.getState();
    const picture = pending.find((it) => it.file === file);
    if (!picture) return undefined;
    URL.revokeObjectURL(picture.url);
    store.setState({ pending: pending.filter((it) => it !== picture) });
    return picture;
  }

  async function addFile(file: File, at: Point | undefined): Promise<void> {
    const size = await pictures.sizeOf(file);
    if (!size) {
      tell(`${isolated(file.name)} is no picture the board can show. It is shared as a file.`);
      pictures.share([file]);
      return;
    }
    const picture = { ...freePlace(size, at), file, url: URL.createObjectURL(file) };
    store.setState(({ pending }) => ({ pending: [...pending, picture] }));
    pictures.upload(file, (src) => {
      const place = remove(file);
      if (place) put(src, place);
    });
    forget();
  }

  /** Removes those without an upload: cancelled, or never started. */
  function forget(): void {
    const { uploads } = pictures.uploads.getState();
    for (const { file } of store.getState().pending) {
      if (!uploads.some((upload) => upload.file === file)) remove(file);
    }
  }
  const stop = pictures.uploads.subscribe(forget);

  return {
    store,
    async insert(src) {
      if (!mayDraw()) return;
      const bitmap = await pictures.ready(src);
      if (bitmap) put(src, freePlace(bitmap));
      else tell('The picture cannot be shown, or is gone.');
    },
    async addFiles({ files, folders }, at) {
      if (!mayDraw()) return;
      if (folders.length > 0) tell(foldersMessage(folders));
      for (const file of files) await addFile(file, at);
    },
    dispose() {
      stop();
      for (const { file } of store.getState().pending) remove(file);
    },
  };
}

const rectOf = ({ x = 0, y = 0, w = 0, h = 0 }: Element): Rect => ({ x, y, w, h });
