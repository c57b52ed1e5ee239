import type { Picture } from './transport';

/** How high, in pixels, a receiver shows the sender's pictures; 0 is not at all. */
export type VideoDemand = Readonly<Record<Picture, number>>;

/** Holds until the other side sends its demand; clients that send none get everything. */
export const FULL_DEMAND: VideoDemand = { camera: 4_320, screen: 4_320 };

/** The data channel message. */
export const encodeDemand = ({ camera, screen }: VideoDemand): string =>
  JSON.stringify({ wants: { camera: Math.round(camera), screen: Math.round(screen) } });

/** Undefined for messages of other kinds, which later versions may send. */
export function decodeDemand(text: unknown): VideoDemand | undefined {
  if (typeof text !== 'string' || text.length > 200) return undefined;
  try {
    const { wants } = JSON.parse(text) as { wants?: Partial<Record<Picture, unknown>> };
    const height = (value: unknown) =>
      typeof value === 'number' && value >= 0 ? Math.min(value, FULL_DEMAND.camera) : undefined;
    const [camera, screen] = [height(wants?.camera), height(wants?.screen)];
    return camera === undefined || screen === undefined ? undefined : { camera, screen };
  } catch {
    return undefined;
  }
}
