import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Element, Point } from '../../protocol';
import type { Board } from './board';
import type { Pictures } from './pictures';
import { aside, placeFor, type Place } from './placing';
import { foldersMessage, isolated, type TransferredFiles } from '../../ui';

/** A picture that is uploaded, with its place on the board. */
export interface Arrival extends Place {
  readonly file: File;
  /** Shows it until it is there. */
  readonly url: string;
}

/** Pictures onto the board. */
export interface Inserts {
  readonly store: StoreApi<{ readonly arrivals: readonly Arrival[] }>;
  /** A picture of the room, in the middle of what is seen. */
  insert(src: string): Promise<void>;
  /** Files of this machine, around a point or in the middle; what is no picture is shared all the same. */
  bring(given: TransferredFiles, at?: Point): Promise<void>;
  dispose(): void;
}

type Parts = Pick<Board, 'store' | 'viewport' | 'elements' | 'draw' | 'record' | 'newId'>;

export function createInserts(
  board: Parts,
  pictures: Pictures,
  tell: (words: string) => void,
): Inserts {
  const store = createStore<{ arrivals: readonly Arrival[] }>(() => ({ arrivals: [] }));

  const mayDraw = () => {
    const { mayDraw: may } = board.store.getState();
    if (!may) tell('You may not draw on this board.');
    return may;
  };

  function freePlace(size: { width: number; height: number }, at?: Point): Place {
    const view = board.viewport.store.getState();
    const images = [...board.elements()].filter((element) => element.kind === 'image');
    const taken = [...images.map(placeOf), ...store.getState().arrivals];
    return aside(placeFor(size, view, at), taken, view.camera.scale);
  }

  function put(src: string, { x, y, w, h }: Place): void {
    if (!mayDraw()) return;
    const id = board.newId();
    const element: Element = { id, kind: 'image', src, x, y, w, h, color: '#000000', width: 1 };
    board.draw([{ type: 'put', element }]);
    board.record({ kind: 'remove', ids: [id] });
    // What was just put there is moved next, as a rule.
    board.store.setState({ tool: 'move' });
  }

  function arrived(file: File): Arrival | undefined {
    const { arrivals } = store.getState();
    const arrival = arrivals.find((it) => it.file === file);
    if (!arrival) return undefined;
    URL.revokeObjectURL(arrival.url);
    store.setState({ arrivals: arrivals.filter((it) => it !== arrival) });
    return arrival;
  }

  async function bringOne(file: File, at: Point | undefined): Promise<void> {
    const size = await pictures.sizeOf(file);
    if (!size) {
      tell(`${isolated(file.name)} is no picture the board can show. It is shared as a file.`);
      pictures.share([file]);
      return;
    }
    const arrival = { ...freePlace(size, at), file, url: URL.createObjectURL(file) };
    store.setState(({ arrivals }) => ({ arrivals: [...arrivals, arrival] }));
    pictures.bring(file, (src) => {
      const place = arrived(file);
      if (place) put(src, place);
    });
    forget();
  }

  /** Those that are not on their way any more: given up, or never begun. */
  function forget(): void {
    const { uploads } = pictures.uploads.getState();
    for (const { file } of store.getState().arrivals) {
      if (!uploads.some((upload) => upload.file === file)) arrived(file);
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
    async bring({ files, folders }, at) {
      if (!mayDraw()) return;
      if (folders.length > 0) tell(foldersMessage(folders));
      for (const file of files) await bringOne(file, at);
    },
    dispose() {
      stop();
      for (const { file } of store.getState().arrivals) arrived(file);
    },
  };
}

const placeOf = ({ x = 0, y = 0, w = 0, h = 0 }: Element): Place => ({ x, y, w, h });
