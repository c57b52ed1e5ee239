import { isPicture } from './kinds';

const SIDE = 320;

/** A small picture of a picture; none of what cannot be read as one. */
export async function thumbnailOf(file: File): Promise<Blob | undefined> {
  if (!isPicture(file.type)) return undefined;
  try {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(whole.width, whole.height));
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(whole.width * scale)),
      Math.max(1, Math.round(whole.height * scale)),
    );
    canvas.getContext('2d')?.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    const small = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
    // Where WebP is not written it is a PNG, which may be large.
    return small.size <= 256 * 1024 ? small : undefined;
  } catch {
    return undefined;
  }
}
