import { expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { BoardOp, Element } from '../../../protocol';
import { ElementTable } from './elements';
import { fold } from './fold';
import type { Change } from './undoHistory';
import { createInserts } from './inserts';
import type { Pictures, Upload } from './pictures';
import { createViewport } from './viewport';

const files = (...given: File[]) => ({ files: given, folders: [] });
const png = (name: string) => new File(['bytes'], name, { type: 'image/png' });

function setup({ mayDraw = true } = {}) {
  const table = new ElementTable();
  const recorded: Change[] = [];
  const said: string[] = [];
  const shared: string[] = [];
  const there = new Map<string, (src: string) => void>();
  const uploads = createStore<{ uploads: readonly Upload[] }>(() => ({ uploads: [] }));
  let ids = 0;
  const pictures: Pictures = {
    look: () => ({ at: 'coming' }),
    ready: (src) =>
      Promise.resolve(src === '/gone' ? undefined : ({ width: 1_600, height: 800 } as ImageBitmap)),
    onChange: () => () => undefined,
    sizeOf: (file) =>
      Promise.resolve(file.type === 'image/png' ? { width: 100, height: 50 } : undefined),
    upload(file, done) {
      there.set(file.name, done);
      const upload = { id: file.name, file, sent: 0, status: 'uploading' as const };
      uploads.setState((now) => ({ uploads: [...now.uploads, upload] }));
    },
    share: (files) => shared.push(...files.map((file) => file.name)),
    uploads,
    retry: () => undefined,
    cancel: () => undefined,
  };
  const store = createStore(() => ({ mayDraw, tool: 'pen' }));
  const board = {
    store: store as never,
    viewport: createViewport(),
    elements: () => table.values(),
    draw: (ops: readonly BoardOp[]) => void fold(table, 'me', ops),
    record: (inverse: Change) => void recorded.push(inverse),
    newId: () => `e${ids++}`,
  };
  const inserts = createInserts(board, pictures, (words) => said.push(words));
  const all = (): Element[] => [...table.values()];
  const pending = () => inserts.store.getState().pending.map(({ file }) => file.name);
  return { inserts, all, recorded, said, shared, there, uploads, store, pending };
}

it('puts a picture of the room into the middle, to be taken back, and the next beside it', async () => {
  const { inserts, all, recorded, store } = setup();
  await inserts.insert('/a');
  await inserts.insert('/a');
  expect(all()).toMatchObject([
    { id: 'e0', kind: 'image', src: '/a', x: 400, y: 250, w: 800, h: 400 },
    { id: 'e1', x: 428, y: 278, w: 800, h: 400 },
  ]);
  expect(recorded[0]).toEqual({ kind: 'remove', ids: ['e0'] });
  expect(store.getState().tool).toBe('move');
});

it('says so when it is gone, or when one may not draw', async () => {
  const { inserts, said, all } = setup();
  await inserts.insert('/gone');
  expect(said).toEqual(['The picture cannot be shown, or is gone.']);
  const watching = setup({ mayDraw: false });
  await watching.inserts.insert('/a');
  await watching.inserts.addFiles(files(png('b.png')));
  expect([...all(), ...watching.all(), ...watching.pending()]).toEqual([]);
  expect(watching.said).toHaveLength(2);
});

it('brings a file to where it was dropped, and shares what is no picture', async () => {
  const { inserts, all, said, shared, there, pending } = setup();
  await inserts.addFiles(
    files(new File(['text'], 'a.txt', { type: 'text/plain' }), png('b.png')),
    [9, 9],
  );
  expect(shared).toEqual(['a.txt']);
  expect(said[0]).toContain('a.txt');
  expect(pending()).toEqual(['b.png']);
  expect(all()).toEqual([]);
  there.get('b.png')?.('/b');
  expect(all()).toMatchObject([{ src: '/b', x: -41, y: -16, w: 100, h: 50 }]);
  expect(pending()).toEqual([]);
});

it('forgets what is given up, and puts nothing where one may no longer draw', async () => {
  const { inserts, all, uploads, there, pending, store, said } = setup();
  await inserts.addFiles(files(png('a.png'), png('b.png')));
  uploads.setState(({ uploads: now }) => ({ uploads: now.filter(({ id }) => id !== 'a.png') }));
  expect(pending()).toEqual(['b.png']);
  store.setState({ mayDraw: false });
  there.get('b.png')?.('/b');
  expect([...all(), ...pending()]).toEqual([]);
  expect(said).toEqual(['You may not draw on this board.']);
});
