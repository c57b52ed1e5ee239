import type { Pictures } from './pictures';

/** Up to here a picture goes along as it is; larger ones are photographs. */
const SHARP_BYTES = 1_000_000;

/** The board as a picture that holds the pictures on it: their addresses work for no one else. */
export async function withPictures(svg: Blob, pictures: Pick<Pictures, 'ready'>): Promise<Blob> {
  const drawn = new DOMParser().parseFromString(await svg.text(), 'image/svg+xml');
  for (const image of drawn.querySelectorAll('image')) {
    const bitmap = await pictures.ready(image.getAttribute('href') ?? '');
    const url = bitmap && (await dataUrl(bitmap));
    if (url === undefined) {
      image.remove();
      continue;
    }
    image.setAttribute('href', url);
    // Its frame, which stands for it where it cannot be shown.
    image.previousElementSibling?.remove();
  }
  return new Blob([new XMLSerializer().serializeToString(drawn)], { type: svg.type });
}

async function dataUrl(bitmap: ImageBitmap): Promise<string | undefined> {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const pen = canvas.getContext('2d');
  if (!pen) return undefined;
  pen.drawImage(bitmap, 0, 0);
  const sharp = await canvas.convertToBlob({ type: 'image/png' });
  if (sharp.size <= SHARP_BYTES) return read(sharp);
  pen.globalCompositeOperation = 'destination-over';
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  return read(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.88 }));
}

function read(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(new Error('unreadable'));
    reader.readAsDataURL(bytes);
  });
}
