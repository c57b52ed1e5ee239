import type { Picture } from './transport';

/** How high the pictures of someone are shown at the other side; 0 is not at all. */
export type Wants = Readonly<Record<Picture, number>>;

/** Until the other side has said otherwise; clients that say nothing get everything. */
export const WANTS_ALL: Wants = { camera: 4_320, screen: 4_320 };

/** What one side tells the other over their data channel. */
export const wantsText = ({ camera, screen }: Wants): string =>
  JSON.stringify({ wants: { camera: Math.round(camera), screen: Math.round(screen) } });

/** Other words than these may come with later versions. */
export function parseWants(text: unknown): Wants | undefined {
  if (typeof text !== 'string' || text.length > 200) return undefined;
  try {
    const { wants } = JSON.parse(text) as { wants?: Partial<Record<Picture, unknown>> };
    const height = (value: unknown) =>
      typeof value === 'number' && value >= 0 ? Math.min(value, WANTS_ALL.camera) : undefined;
    const [camera, screen] = [height(wants?.camera), height(wants?.screen)];
    return camera === undefined || screen === undefined ? undefined : { camera, screen };
  } catch {
    return undefined;
  }
}
