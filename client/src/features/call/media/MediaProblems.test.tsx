import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { LocalMedia, LocalMediaState } from './localMedia';
import { MediaProblems } from './MediaProblems';
import { deviceProblemOf } from './deviceProblems';
import { CAPTURE_OFF, type CaptureState } from './captureSource';

afterEach(cleanup);

function said(mic: Partial<CaptureState>, camera: Partial<CaptureState> = {}): string {
  const now = { mic: { ...CAPTURE_OFF, ...mic }, camera: { ...CAPTURE_OFF, ...camera } };
  const state = createStore(() => now as LocalMediaState);
  return render(<MediaProblems media={{ state } as LocalMedia} />).container.textContent;
}

const failed = (name: string, words = '') => deviceProblemOf(new DOMException(words, name));

test('nothing is said while nothing is wrong', () => {
  expect(said({})).toBe('');
});

test('what both lack is said once, with what to do', () => {
  const problem = failed('NotAllowedError');
  expect(said({ problem }, { problem })).toMatch(
    /blocks the microphone and camera.*icon beside the address/,
  );
});

test('what the system blocks cannot be allowed in the browser', () => {
  const problem = failed('NotAllowedError', 'Permission denied by system');
  expect(said({ problem }, { problem })).toMatch(/privacy settings/);
});

test('over plain HTTP one is told of https', () => {
  expect(said({ problem: 'insecure' }, { problem: 'insecure' })).toMatch(/https/);
});

test('each that lacks something else is named by itself', () => {
  const words = said({ problem: failed('NotFoundError') }, { problem: failed('NotReadableError') });
  expect(words).toMatch(/No microphone was found/);
  expect(words).toMatch(/camera does not start/);
});

test('who speaks by another device than before is told by which', () => {
  const track = { label: 'Headset' } as MediaStreamTrack;
  expect(said({ on: true, replaced: true, track })).toMatch(/microphone went away.*Headset/);
});
