import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Call } from '../call';

/** Plays one person's audio track. */
function RemoteAudioTrack({
  track,
  volume,
  speakerId,
  onAutoplayBlocked,
  retry,
}: {
  track: MediaStreamTrack;
  /** 0 to 1. */
  volume: number;
  speakerId: string | undefined;
  onAutoplayBlocked: () => void;
  /** A change tries to play again. */
  retry: number;
}) {
  const audio = useRef<HTMLAudioElement>(null);

  useEffect(() => {
    const element = audio.current;
    if (!element) return;
    element.srcObject = new MediaStream([track]);
    return () => {
      element.srcObject = null;
    };
  }, [track]);

  useEffect(() => {
    audio.current?.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') onAutoplayBlocked();
    });
  }, [track, retry, onAutoplayBlocked]);

  useEffect(() => {
    const element = audio.current as Partial<HTMLAudioElement> | null;
    // A speaker that is gone leaves the default one.
    if (speakerId !== undefined) void element?.setSinkId?.(speakerId).catch(() => undefined);
  }, [speakerId]);

  useEffect(() => {
    if (audio.current) audio.current.volume = volume;
  }, [volume]);

  return <audio ref={audio} autoPlay />;
}

/** Plays the audio of all others. */
export function RemoteAudio({
  call,
  retry,
  onAutoplayBlocked,
}: {
  call: Call;
  retry: number;
  onAutoplayBlocked: () => void;
}) {
  const others = useStore(call.state, (state) => state.others);
  const volumes = useStore(call.volumes.state);
  const speakerId = useStore(call.media.state, (state) => state.preferences.speakerId);
  return others.map(
    ({ participant: { socketId, userId }, remote }) =>
      remote.tracks.audio && (
        <RemoteAudioTrack
          key={socketId}
          track={remote.tracks.audio}
          volume={volumes[userId] ?? 1}
          speakerId={speakerId}
          retry={retry}
          onAutoplayBlocked={onAutoplayBlocked}
        />
      ),
  );
}
