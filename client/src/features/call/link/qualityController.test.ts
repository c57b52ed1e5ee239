import { expect, test } from 'vitest';
import type { Link } from './link';
import { NO_TRACKS } from './transport';
import { QualityController } from './qualityController';
import { FULL_DEMAND } from './videoDemand';

const camera = { getSettings: () => ({ height: 720 }) } as unknown as MediaStreamTrack;
const tracks = { ...NO_TRACKS, camera };

/** A connection whose statistics say what one wants, and a sender that remembers what it was told. */
function setUp() {
  const it = {
    limitedBy: 'none',
    available: 2_000_000,
    wanted: FULL_DEMAND,
    refuses: false,
    set: {} as RTCRtpEncodingParameters,
    times: 0,
  };
  const sender = {
    getParameters: () => ({ encodings: [{ ...it.set }] }),
    setParameters: ({ encodings: [first] }: RTCRtpSendParameters) => {
      if (it.refuses) return Promise.reject(new DOMException('', 'InvalidModificationError'));
      it.set = first!;
      it.times += 1;
      return Promise.resolve();
    },
  };
  const stats = () =>
    new Map<string, object>([
      [
        'p',
        {
          type: 'candidate-pair',
          nominated: true,
          state: 'succeeded',
          availableOutgoingBitrate: it.available,
        },
      ],
      ['v', { type: 'outbound-rtp', kind: 'video', qualityLimitationReason: it.limitedBy }],
    ]);
  const link = {
    works: true,
    pc: { getStats: () => Promise.resolve(stats()) },
    get remoteDemand() {
      return it.wanted;
    },
    transceivers: { camera: { sender } },
  } as unknown as Link;
  const controller = new QualityController(link);
  const apply = async (others = 1) => {
    controller.apply({ others, tracks });
    // All that follows at once has happened by then.
    await new Promise((done) => setTimeout(done));
  };
  const look = async (times: number) => {
    for (let n = 0; n < times; n++) {
      await controller.sample();
      await apply();
    }
  };
  return { it, apply, look };
}

test('a machine or a line that is strained sends less, and in the end no picture', async () => {
  const { it, apply, look } = setUp();
  await apply();
  const full = it.set;
  expect(full).toMatchObject({ active: true, maxFramerate: 30, scaleResolutionDownBy: 1 });
  it.limitedBy = 'cpu';
  await look(2);
  expect(it.set.scaleResolutionDownBy).toBeGreaterThan(1);
  expect(it.set.maxFramerate).toBeLessThan(30);
  expect(it.set.maxBitrate).toBeLessThan(full.maxBitrate!);
  it.limitedBy = 'bandwidth';
  it.available = 30_000;
  await look(8);
  expect(it.set.active).toBe(false);
  it.limitedBy = 'none';
  it.available = 2_000_000;
  await look(200);
  expect(it.set).toEqual(full);
});

test('what the other side does not show is not sent, and is again when it is', async () => {
  const { it, apply } = setUp();
  await apply();
  it.wanted = { camera: 0, screen: 0 };
  await apply();
  expect(it.set.active).toBe(false);
  it.wanted = { camera: 180, screen: 0 };
  await apply();
  expect(it.set).toMatchObject({ active: true, scaleResolutionDownBy: 4 });
});

test('what is set already is not set again; what the browser refused is', async () => {
  const { it, apply } = setUp();
  await apply();
  await apply();
  expect(it.times).toBe(1);
  it.refuses = true;
  await apply(4);
  it.refuses = false;
  expect(it.set.maxFramerate).toBe(30);
  await apply(4);
  expect(it.set.maxFramerate).toBe(24);
});
