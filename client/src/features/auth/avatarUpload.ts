import { api, uploadToSignedUrl } from '../../connection';
import type { UserProfile } from '../../protocol';

/** Pixels of a side: sharp on a dense screen where it is largest, in a tile. */
const SIDE = 320;
const LIMIT = 256 * 1024;

/** Why a file cannot be an avatar; the message is shown. */
export class UnusablePicture extends Error {}

/** The square in the middle of a picture that is `width` x `height`. */
export function centreSquare(
  width: number,
  height: number,
): { x: number; y: number; side: number } {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side };
}

async function square(file: Blob): Promise<Blob> {
  let whole: ImageBitmap;
  try {
    whole = await createImageBitmap(file);
  } catch {
    throw new UnusablePicture('This browser cannot read that picture.');
  }
  const { x, y, side } = centreSquare(whole.width, whole.height);
  const size = Math.min(SIDE, side);
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext('2d');
  if (context) context.imageSmoothingQuality = 'high';
  context?.drawImage(whole, x, y, side, side, 0, 0, size, size);
  whole.close();
  for (const type of ['image/webp', 'image/jpeg']) {
    const small = await canvas.convertToBlob({ type, quality: 0.85 });
    // Where WebP is not written it is a PNG, which may be large.
    if (small.size <= LIMIT) return small;
  }
  throw new UnusablePicture('That picture cannot be made small enough.');
}

/** Crops and scales a picture, uploads it, and sets it as the avatar. */
export async function uploadAvatar(file: Blob, signal: AbortSignal): Promise<UserProfile> {
  const small = await square(file);
  const facts = { size: small.size, mimeType: small.type };
  await uploadToSignedUrl(await api.askAvatar(facts), small, { signal });
  return api.setAvatar(facts);
}
