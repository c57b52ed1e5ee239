import type { PictureSize } from '../../protocol';
import { isPicture } from './fileTypes';

const SIDE = 320;
/** The longest side the protocol carries. */
const MOST_PIXELS = 65_535;

export interface SmallPicture {
  /** None where it would exceed 256 KiB. */
  readonly thumbnail: Blob | undefined;
  /** Of the picture itself, so that its place can be reserved. */
  readonly size: PictureSize;
}

/** The thumbnail of a picture; none where the browser cannot read it. */
export async function thumbnailOf(file: File): Promise<SmallPicture | undefined> {
  if (!isPicture(file.type)) return undefined;
  try {
    const whole = await createImageBitmap(file);
    const { width, height } = whole;
    const scale = Math.min(1, SIDE / Math.max(width, height));
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(width * scale)),
      Math.max(1, Math.round(height * scale)),
    );
    canvas.getContext('2d')?.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    if (Math.max(width, height) > MOST_PIXELS) return undefined;
    const small = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
    // Where WebP is not written it is a PNG, which may be large.
    return { thumbnail: small.size <= 256 * 1024 ? small : undefined, size: { width, height } };
  } catch {
    return undefined;
  }
}
