import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cameraEncoding, judge, MESH_WITH_VIDEO, screenEncoding } from './quality';

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

test('a connection is poor by loss or by delay, and by the last seconds only', () => {
  const start = { received: 1_000, lost: 500, roundTrip: 0.05 };
  expect(judge(start, { received: 2_000, lost: 510, roundTrip: 0.05 })).toBe('good');
  expect(judge(start, { received: 2_000, lost: 600, roundTrip: 0.05 })).toBe('poor');
  expect(judge(start, { received: 2_000, lost: 500, roundTrip: 0.8 })).toBe('poor');
  expect(judge(start, { received: 1_005, lost: 503, roundTrip: 0.05 })).toBe('good');
});
