import { useEffect, useRef } from 'react';
import { isTextInput } from '../../ui';
import type { Call } from './call';
import { callCommandOf, PRESSABLE, type CallCommand } from './shortcuts';

/** Keys work while nothing is written and no dialog is open, and only if one wants them to. */
export function useCallShortcuts(call: Call, spaceIsFree: boolean): void {
  const talking = useRef(false);
  useEffect(() => {
    function stopTalking() {
      if (!talking.current) return;
      talking.current = false;
      call.media.setMic(false, false);
    }

    function onDown(event: KeyboardEvent) {
      const { target } = event;
      if (event.defaultPrevented || isTextInput(target)) return;
      if (!call.media.state.getState().preferences.shortcuts) return;
      if (document.querySelector('dialog[open]')) return;
      const command = callCommandOf(event);
      if (!command) return;
      if (command === 'talk') {
        if (!spaceIsFree || (target instanceof Element && target.closest(PRESSABLE))) return;
        event.preventDefault();
        const { mic } = call.media.state.getState();
        if (mic.on || call.state.getState().locked.includes('audio')) return;
        talking.current = true;
        call.media.setMic(true, false);
        return;
      }
      event.preventDefault();
      obey(command, call);
    }

    function onUp(event: KeyboardEvent) {
      if (event.key === ' ') stopTalking();
    }

    window.addEventListener('keydown', onDown);
    window.addEventListener('keyup', onUp);
    // Whoever looks elsewhere does not hear the key come up.
    window.addEventListener('blur', stopTalking);
    return () => {
      stopTalking();
      window.removeEventListener('keydown', onDown);
      window.removeEventListener('keyup', onUp);
      window.removeEventListener('blur', stopTalking);
    };
  }, [call, spaceIsFree]);
}

function obey(command: Exclude<CallCommand, 'talk'>, call: Call): void {
  const { media } = call;
  const { mic, camera, screen, canShare } = media.state.getState();
  const { locked, self } = call.state.getState();
  switch (command) {
    case 'mic':
      if (!locked.includes('audio')) media.setMic(!mic.on);
      break;
    case 'camera':
      if (!locked.includes('video')) media.setCamera(!camera.on);
      break;
    case 'screen':
      if (screen) media.stopSharing();
      else if (canShare && !locked.includes('screen')) media.shareScreen();
      break;
    case 'hand':
      call.raiseHand(self?.handRaised !== true);
  }
}
