import { expect, it } from 'vitest';
import { readRtcStats } from './rtcStats';

async function limitedBy(stats: Record<string, unknown>[]): Promise<string> {
  const report = new Map(stats.map((one, at) => [`${at}`, one]));
  const pc = { getStats: () => Promise.resolve(report) } as unknown as RTCPeerConnection;
  return (await readRtcStats(pc)).sending.limitedBy;
}

const sent = (more: object = {}) => ({ type: 'outbound-rtp', kind: 'video', ...more });
const camera = { type: 'media-source', kind: 'video', framesPerSecond: 30 };
const there = (more: object) => ({ type: 'remote-inbound-rtp', kind: 'video', ...more });

it('believes a browser that says what limits it', async () => {
  const told = sent({ qualityLimitationReason: 'bandwidth', framesPerSecond: 30 });
  expect(await limitedBy([told, camera])).toBe('bandwidth');
  const fine = sent({ qualityLimitationReason: 'none', framesPerSecond: 5 });
  expect(await limitedBy([fine, camera, there({ fractionLost: 0.5 })])).toBe('none');
});

it.each([
  ['nothing', 30, {}, 'none'],
  ['a little loss', 30, { fractionLost: 0.02, roundTripTime: 0.1 }, 'none'],
  ['loss', 30, { fractionLost: 0.1 }, 'bandwidth'],
  ['a long way there and back', 30, { roundTripTime: 0.9 }, 'bandwidth'],
  ['few of the frames of the camera', 9, {}, 'cpu'],
])('works out of %s what limits one that does not say, as Firefox', async (_w, fps, more, by) => {
  expect(await limitedBy([sent({ framesPerSecond: fps }), camera, there(more)])).toBe(by);
});
