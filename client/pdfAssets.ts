import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

const home = path.join(import.meta.dirname, 'node_modules/pdfjs-dist');

/** What PDFs need now and then: how old files spell Asian letters, fonts they do not bring along, and
 * how scans are packed (as plain script, for the page's policy allows no WebAssembly). */
const FOLDERS: Record<string, (name: string) => boolean> = {
  cmaps: (name) => name.endsWith('.bcmap'),
  standard_fonts: (name) => /\.(pfb|ttf)$/.test(name),
  wasm: (name) => name.endsWith('_nowasm_fallback.js'),
};

/**
 * Lays them beside the assets, under their own names: the viewer asks for them by name. The version in
 * the path stands for the hash that assets have. While developing they come from where they are.
 */
export function pdfAssets(): Plugin {
  return {
    name: 'pdf-assets',
    apply: 'build',
    generateBundle() {
      const { version } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as {
        version: string;
      };
      for (const [folder, wanted] of Object.entries(FOLDERS)) {
        for (const name of readdirSync(path.join(home, folder)).filter(
          (file) => wanted(file) || file.startsWith('LICENSE'),
        )) {
          this.emitFile({
            type: 'asset',
            fileName: `assets/pdfjs-${version}/${folder}/${name}`,
            source: readFileSync(path.join(home, folder, name)),
          });
        }
      }
    },
  };
}
