import { expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { FilesState } from './files';
import { createPictures } from './pictures';

const file = (fileUrl: string) => ({ uploadId: fileUrl, fileUrl }) as FilesState['files'][number];

/** A room whose files are told, and whose pictures arrive when the test says so. */
function setup() {
  const store = createStore<FilesState>(() => ({ files: [], listed: false }));
  const arrivals = new Map<string, (bitmap: ImageBitmap | undefined) => void>();
  const asked: string[] = [];
  const pictures = createPictures(
    { store, links: () => Promise.resolve(undefined), uploads: { add: () => undefined } },
    (_files, fileUrl) => {
      asked.push(fileUrl);
      return new Promise((resolve) => arrivals.set(fileUrl, resolve));
    },
  );
  const changed: string[] = [];
  pictures.onChange((fileUrl) => changed.push(fileUrl));
  const list = (...urls: string[]) => store.setState({ files: urls.map(file), listed: true });
  const arrive = async (fileUrl: string, side = 10) => {
    const bitmap = { width: side, height: side, close: vi.fn() };
    arrivals.get(fileUrl)?.(bitmap);
    await vi.waitFor(() => expect(changed).toContain(fileUrl));
    return bitmap;
  };
  return { pictures, changed, asked, list, arrive, arrivals };
}

it('fetches a picture once, when it is first looked at, and says when it is there', async () => {
  const { pictures, list, arrive, asked } = setup();
  list('a', 'b');
  expect(pictures.look('a')).toEqual({ at: 'coming' });
  expect(pictures.look('a')).toEqual({ at: 'coming' });
  const bitmap = await arrive('a');
  expect(pictures.look('a')).toEqual({ at: 'there', bitmap });
  expect(asked).toEqual(['a']);
});

it('waits for the list, and tells of what is not in it', async () => {
  const { pictures, changed, list } = setup();
  expect(pictures.look('a')).toEqual({ at: 'coming' });
  const ready = pictures.ready('a');
  list('b');
  expect(changed).toEqual(['a']);
  expect(pictures.look('a')).toEqual({ at: 'gone' });
  expect(await ready).toBeUndefined();
  // Shared after all: what stood there was early.
  list('b', 'a');
  expect(pictures.look('a')).toEqual({ at: 'coming' });
});

it('lets go of what is taken away, also while it comes', async () => {
  const { pictures, list, arrive, arrivals, changed } = setup();
  list('a', 'b');
  pictures.look('a');
  pictures.look('b');
  const bitmap = await arrive('a');
  list();
  expect(bitmap.close).toHaveBeenCalledOnce();
  expect(pictures.look('a')).toEqual({ at: 'gone' });
  expect(changed).toEqual(['a', 'a', 'b']);
  const late = { width: 1, height: 1, close: vi.fn() };
  arrivals.get('b')?.(late);
  await vi.waitFor(() => expect(late.close).toHaveBeenCalledOnce());
  expect(pictures.look('b')).toEqual({ at: 'gone' });
});

it('tries again what could not be had when the files are listed anew', async () => {
  const { pictures, list, asked, arrivals, changed } = setup();
  list('a');
  const ready = pictures.ready('a');
  arrivals.get('a')?.(undefined);
  expect(await ready).toBeUndefined();
  expect(pictures.look('a')).toEqual({ at: 'gone' });
  expect(asked).toHaveLength(1);
  list('a');
  expect(changed).toEqual(['a', 'a']);
  expect(pictures.look('a')).toEqual({ at: 'coming' });
  expect(asked).toHaveLength(2);
});

it('fetches only a few at a time, and again what had to make room', async () => {
  const { pictures, list, asked, arrive } = setup();
  const urls = ['a', 'b', 'c', 'd', 'e'];
  list(...urls);
  for (const url of urls) pictures.look(url);
  expect(asked).toEqual(['a', 'b', 'c', 'd']);
  await arrive('a', 3000);
  await vi.waitFor(() => expect(asked).toContain('e'));
  await arrive('b', 4500);
  expect(pictures.look('a')).toEqual({ at: 'coming' });
});
