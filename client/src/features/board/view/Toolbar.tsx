import { useRef } from 'react';
import { useStore } from 'zustand';
import {
  ArrowUpRight,
  Circle,
  Eraser,
  ImagePlus,
  Minus,
  MousePointer2,
  PenLine,
  Square,
  StickyNote,
  Type,
  type LucideIcon,
} from 'lucide-react';
import type { Board } from '../model/board';
import type { Tool } from '../model/tool';
import { COLOURS, WIDTHS } from '../model/palette';
import { KEYS } from '../tools/shortcuts';
import styles from './Toolbar.module.css';

const TOOLS: { tool: Tool; name: string; Icon: LucideIcon }[] = [
  { tool: 'pen', name: 'Pen', Icon: PenLine },
  { tool: 'eraser', name: 'Eraser', Icon: Eraser },
  { tool: 'move', name: 'Move', Icon: MousePointer2 },
  { tool: 'note', name: 'Sticky note', Icon: StickyNote },
  { tool: 'text', name: 'Text', Icon: Type },
  { tool: 'line', name: 'Line', Icon: Minus },
  { tool: 'arrow', name: 'Arrow', Icon: ArrowUpRight },
  { tool: 'rect', name: 'Rectangle', Icon: Square },
  { tool: 'ellipse', name: 'Ellipse', Icon: Circle },
];

/** Tool, colour and width. */
export function Toolbar({ board }: { board: Board }) {
  const { tool, color, width } = useStore(board.store);
  const set = board.store.setState;
  // A colour chosen with the eraser in hand is meant for drawing.
  const ink = tool === 'eraser' || tool === 'move' ? { tool: 'pen' as const } : {};

  return (
    <div className={styles.dock} role="toolbar" aria-label="Drawing tools">
      <div className={styles.row}>
        {TOOLS.map(({ tool: each, name, Icon }) => (
          <button
            key={each}
            type="button"
            className={styles.tool}
            aria-label={name}
            title={`${name} (${KEYS[each]})`}
            aria-pressed={tool === each}
            onClick={() => set({ tool: each })}
          >
            <Icon size={20} aria-hidden />
          </button>
        ))}
        <PictureButton board={board} />
      </div>
      <div className={styles.row} data-quiet={tool === 'eraser' || tool === 'move' || undefined}>
        {WIDTHS.map(({ name, value }) => (
          <button
            key={value}
            type="button"
            className={styles.tool}
            aria-label={name}
            title={name}
            aria-pressed={width === value}
            onClick={() => set({ width: value, ...ink })}
          >
            <span className={styles.width} style={{ height: Math.max(2, value * 0.75) }} />
          </button>
        ))}
        <span className={styles.divider} />
        {COLOURS.map(({ name, value }) => (
          <button
            key={value}
            type="button"
            className={styles.colour}
            aria-label={`Colour: ${name}`}
            title={name}
            aria-pressed={color === value}
            onClick={() => set({ color: value, ...ink })}
          >
            <span style={{ background: value }} />
          </button>
        ))}
      </div>
    </div>
  );
}

/** Uploads pictures from this device. */
function PictureButton({ board }: { board: Board }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={picker}
        type="file"
        accept="image/*"
        multiple
        hidden
        data-testid="picture-picker"
        onChange={({ target }) => {
          void board.inserts.addFiles({ files: [...(target.files ?? [])], folders: [] });
          // The same file may be chosen again.
          target.value = '';
        }}
      />
      <button
        type="button"
        className={styles.tool}
        aria-label="Picture"
        title="Picture"
        onClick={() => picker.current?.click()}
      >
        <ImagePlus size={20} aria-hidden />
      </button>
    </>
  );
}
