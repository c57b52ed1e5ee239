const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'];

/** Whether the browser shows it as a picture; the server allows the same ones in place. */
export const isPicture = (mimeType: string | undefined): boolean =>
  mimeType !== undefined && PICTURES.includes(mimeType);

export const isPdf = (mimeType: string | undefined): boolean => mimeType === 'application/pdf';

/** Whether there is more to do with it than keeping it. */
export const isShown = (mimeType: string | undefined): boolean =>
  isPicture(mimeType) || isPdf(mimeType);
