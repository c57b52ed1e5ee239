import { useEffect, useRef, type ComponentProps } from 'react';

/** Shows a track without its sound. */
export function Video({
  track,
  ...rest
}: Omit<ComponentProps<'video'>, 'ref'> & {
  track: MediaStreamTrack | null;
  [data: `data-${string}`]: string | undefined;
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = track && new MediaStream([track]);
    // Muted video may always play; a source replaced meanwhile is no error.
    if (track) element.play().catch(() => undefined);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return <video {...rest} ref={video} autoPlay playsInline muted />;
}
