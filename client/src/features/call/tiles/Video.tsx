import { useEffect, useRef, type ComponentProps, type RefObject } from 'react';

/** Shows a track without its sound. */
export function Video({
  track,
  video: given,
  ...rest
}: Omit<ComponentProps<'video'>, 'ref'> & {
  track: MediaStreamTrack | null;
  video?: RefObject<HTMLVideoElement | null>;
  [data: `data-${string}`]: string | undefined;
}) {
  const own = useRef<HTMLVideoElement>(null);
  const video = given ?? own;
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = track && new MediaStream([track]);
    // Muted video may always play; a source replaced meanwhile is no error.
    if (track) element.play().catch(() => undefined);
    return () => {
      element.srcObject = null;
    };
  }, [track, video]);
  return <video {...rest} ref={video} autoPlay playsInline muted />;
}
