import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cameraEncoding,
  connectionStats,
  fitEncoding,
  rateQuality,
  MESH_WITH_VIDEO,
  screenEncoding,
} from './quality';
import { VIDEO_OFF } from './degradation';

test('more people never cost a camera more in all than its uplink can bear', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.boolean(), (others, sharing) => {
      const it = cameraEncoding(others, sharing);
      const uplink = it.active ? it.maxBitrate * others : 0;
      expect(uplink).toBeLessThanOrEqual(1_900_000);
      expect(cameraEncoding(others + 1, sharing).maxBitrate).toBeLessThanOrEqual(it.maxBitrate);
      expect(it.scaleResolutionDownBy).toBeGreaterThanOrEqual(1);
    }),
  );
});

test('a screen is never made smaller, only slower', () => {
  expect(screenEncoding(7).scaleResolutionDownBy).toBe(1);
  expect(screenEncoding(7).maxFramerate).toBeLessThan(screenEncoding(1).maxFramerate);
});

test('a room too large for a mesh has sound only', () => {
  expect(cameraEncoding(MESH_WITH_VIDEO - 1, false).active).toBe(true);
  expect(cameraEncoding(MESH_WITH_VIDEO, false).active).toBe(false);
});

test('nobody is sent more pixels than they show, and nothing while they show nothing', () => {
  const base = cameraEncoding(1, false);
  const to = (shown: number, degradation = 0) =>
    fitEncoding(base, { shown, captured: 720, degradation });
  expect(to(0).active).toBe(false);
  expect(to(720)).toEqual(base);
  expect(to(180)).toMatchObject({ active: true, scaleResolutionDownBy: 4 });
  expect(to(180).maxBitrate).toBeLessThan(base.maxBitrate / 4);
  expect(to(10).scaleResolutionDownBy).toBe(6);
});

test('a strain costs pixels, bits and frames, and the picture last', () => {
  const base = cameraEncoding(3, false);
  const at = (degradation: number) => fitEncoding(base, { shown: 720, captured: 720, degradation });
  for (const level of [1, 2, 3]) {
    expect(at(level).maxBitrate).toBeLessThan(at(level - 1).maxBitrate);
    expect(at(level).scaleResolutionDownBy).toBeGreaterThan(at(level - 1).scaleResolutionDownBy);
    expect(at(level).active).toBe(true);
  }
  expect(at(VIDEO_OFF).active).toBe(false);
});

test('a connection is as good as its last seconds', () => {
  const start = { received: 1_000, lost: 500, roundTrip: 0.05, relayed: false };
  const after = (received: number, lost: number, roundTrip = 0.05) =>
    rateQuality(connectionStats(start, { ...start, received, lost, roundTrip }));
  expect(after(2_000, 510)).toBe('good');
  expect(after(2_000, 530)).toBe('fair');
  expect(after(2_000, 600)).toBe('poor');
  expect(after(2_000, 500, 0.8)).toBe('poor');
  expect(after(1_005, 503)).toBe('good');
  expect(after(10, 0)).toBe('good');
});
