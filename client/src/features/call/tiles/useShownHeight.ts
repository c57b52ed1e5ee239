import { useEffect, type RefObject } from 'react';
import type { SocketId } from '../../../protocol';
import type { Call } from '../call';
import type { Picture } from '../link/transport';

/** The assumed height of a picture-in-picture window, in pixels. */
const IN_PICTURE = 360;

/** Reports how high a picture is shown, so that its sender sends no more than that. */
export function useShownHeight(
  call: Call,
  { socketId, picture }: { socketId: SocketId; picture: Picture },
  video: RefObject<HTMLVideoElement | null>,
): void {
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    let inView = false;
    const tell = () => {
      const seen = inView && document.visibilityState === 'visible';
      const here = seen ? element.clientHeight * window.devicePixelRatio : 0;
      const apart = document.pictureInPictureElement === element ? IN_PICTURE : 0;
      call.setShownHeight(socketId, picture, Math.max(here, apart));
    };
    const watch = new IntersectionObserver(([entry]) => {
      inView = entry?.isIntersecting === true;
      tell();
    });
    watch.observe(element);
    const sizes = new ResizeObserver(tell);
    sizes.observe(element);
    document.addEventListener('visibilitychange', tell);
    element.addEventListener('enterpictureinpicture', tell);
    element.addEventListener('leavepictureinpicture', tell);
    return () => {
      watch.disconnect();
      sizes.disconnect();
      document.removeEventListener('visibilitychange', tell);
      element.removeEventListener('enterpictureinpicture', tell);
      element.removeEventListener('leavepictureinpicture', tell);
      call.setShownHeight(socketId, picture, 0);
    };
  }, [call, socketId, picture, video]);
}
