export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** More pixels than any camera makes: a few bytes can claim as many as they like. */
const MOST_PIXELS = 120_000_000;

/** How large a picture is; none of what is none. Nothing is decoded for it. */
export async function measure(bytes: Blob): Promise<PictureSize | undefined> {
  const url = URL.createObjectURL(bytes);
  try {
    const { naturalWidth: width, naturalHeight: height } = await opened(url);
    return width * height > 0 && width * height <= MOST_PIXELS ? { width, height } : undefined;
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function opened(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = url;
  });
}

/** A picture ready to be painted, its longer side `side` pixels at most; none of what is none. */
export async function decode(bytes: Blob, side: number): Promise<ImageBitmap | undefined> {
  const size = await measure(bytes);
  if (!size) return undefined;
  const wide = size.width >= size.height;
  const smaller: ImageBitmapOptions = {
    ...(wide ? { resizeWidth: side } : { resizeHeight: side }),
    resizeQuality: 'high',
  };
  try {
    return await createImageBitmap(bytes, Math.max(size.width, size.height) > side ? smaller : {});
  } catch {
    return undefined;
  }
}
