const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'];

/** Whether the browser shows it as a picture; the server allows the same ones in place. */
export const isPicture = (mimeType: string | undefined): boolean =>
  mimeType !== undefined && PICTURES.includes(mimeType);

export const isPdf = (mimeType: string | undefined): boolean => mimeType === 'application/pdf';

/** Whether a preview can be shown. */
export const isPreviewable = (mimeType: string | undefined): boolean =>
  isPicture(mimeType) || isPdf(mimeType);

const HEIC = /^image\/hei[cf](?:-sequence)?$/;

/** Why a picture has no preview; none for other files. */
export function noPreviewReason({ name, mimeType }: FileKind): string | undefined {
  // Browsers that do not know the format do not name it either.
  if (!HEIC.test(mimeType ?? '') && !/\.hei[cf]$/i.test(name)) return undefined;
  return 'HEIC picture: browsers cannot show it';
}

interface FileKind {
  readonly name: string;
  readonly mimeType?: string | undefined;
}
