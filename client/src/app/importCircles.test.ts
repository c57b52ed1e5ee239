import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join(root, name));

/** The files of ours that each file imports, types included. */
function imports(): Map<string, string[]> {
  const known = new Set(sources);
  const found = (path: string) =>
    [path, `${path}.ts`, `${path}.tsx`, join(path, 'index.ts')].filter((it) => known.has(it));
  return new Map(
    sources.map((file) => {
      const text = readFileSync(file, 'utf8');
      const specifiers = text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']*)'/g);
      return [file, [...specifiers].flatMap(([, path = '']) => found(join(dirname(file), path)))];
    }),
  );
}

/** The first circle found, as the files on the way; empty when there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const circle = walk(next, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const circle = walk(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

it('finds a circle', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b']],
  ]);
  expect(circleIn(graph)).toEqual(['b', 'c', 'b']);
});

it('no file imports itself by way of others', () => {
  const graph = imports();
  expect(graph.get(join(root, 'main.tsx'))).toContain(join(root, 'app/App.tsx'));
  expect(circleIn(graph)).toEqual([]);
});
