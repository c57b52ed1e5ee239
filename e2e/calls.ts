import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import { Visitor } from './browser.ts';
import type { Site } from './people.ts';

/** What one of a page's open connections carries. */
export interface Flow {
  /** Of one RTCPeerConnection: one that takes its place has another. */
  id: number;
  state: string;
  local: string;
  remote: string;
  /** By which transport one reaches the relay. */
  relayProtocol: string;
  framesDecoded: number;
  audioBytesReceived: number;
  audioEnergy: number;
  audioBytesSent: number;
  videoBytesReceived: number;
  videoBytesSent: number;
}

interface Keeper {
  calls: RTCPeerConnection[];
}

/** Every call of the pages to come can be asked for its statistics. */
export async function keepCalls(target: BrowserContext | Page): Promise<void> {
  await target.addInitScript(() => {
    const calls: RTCPeerConnection[] = [];
    const keeper = Object.assign(globalThis, { calls });
    keeper.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        calls.push(this);
      }
    };
  });
}

/** Of the connections that are open. */
export async function flows(page: Page): Promise<Flow[]> {
  return page.evaluate(async () => {
    const { calls } = globalThis as unknown as Keeper;
    const open = [...calls.entries()].filter(([, call]) => call.connectionState !== 'closed');
    return Promise.all(
      open.map(async ([id, call]) => {
        const report = await call.getStats();
        const all = [...report.values()] as (RTCStats & Record<string, unknown>)[];
        const sum = (type: string, kind: string, what: string) =>
          all
            .filter((it) => it.type === type && it['kind'] === kind)
            .reduce((total, it) => total + Number(it[what] ?? 0), 0);
        const transport = all.find((it) => it.type === 'transport');
        // Firefox has no such statistics, and says it of the pair.
        const pair = all.find(
          (it) => it.id === transport?.['selectedCandidatePairId'] || it['selected'] === true,
        );
        const candidate = (end: string) => all.find((it) => it.id === pair?.[end]);
        const local = candidate('localCandidateId');
        return {
          id,
          state: call.connectionState,
          local: String(local?.['candidateType']),
          remote: String(candidate('remoteCandidateId')?.['candidateType']),
          relayProtocol: String(local?.['relayProtocol']),
          framesDecoded: sum('inbound-rtp', 'video', 'framesDecoded'),
          audioBytesReceived: sum('inbound-rtp', 'audio', 'bytesReceived'),
          audioEnergy: sum('inbound-rtp', 'audio', 'totalAudioEnergy'),
          audioBytesSent: sum('outbound-rtp', 'audio', 'bytesSent'),
          videoBytesReceived: sum('inbound-rtp', 'video', 'bytesReceived'),
          videoBytesSent: sum('outbound-rtp', 'video', 'bytesSent'),
        };
      }),
    );
  });
}

/** Each flow beside what it was before; one that is new came from nothing. */
function sincePairs(before: readonly Flow[], now: readonly Flow[]): [Flow | undefined, Flow][] {
  return now.map((flow) => [before.find(({ id }) => id === flow.id), flow]);
}

/** Waits until that many connections have each decoded more pictures than before. Gives how long it took. */
export async function decodes(page: Page, others: number, timeout = 30_000): Promise<number> {
  const begun = Date.now();
  const before = await flows(page);
  await expect
    .poll(
      async () => {
        const pairs = sincePairs(before, await flows(page));
        return pairs.filter(
          ([old, { state, framesDecoded }]) =>
            state === 'connected' && framesDecoded > (old?.framesDecoded ?? 0) + 3,
        ).length;
      },
      { timeout, intervals: [100] },
    )
    .toBe(others);
  return Date.now() - begun;
}

/** How much came and went over each connection within a second. */
export async function traffic(
  page: Page,
): Promise<{ received: number; sent: number; energy: number; pictures: number }[]> {
  const connected = async () => (await flows(page)).filter(({ state }) => state === 'connected');
  const before = await connected();
  await page.waitForTimeout(1_000);
  return sincePairs(before, await connected()).map(([old, flow]) => ({
    received: flow.audioBytesReceived - (old?.audioBytesReceived ?? 0),
    sent: flow.audioBytesSent - (old?.audioBytesSent ?? 0),
    energy: flow.audioEnergy - (old?.audioEnergy ?? 0),
    pictures: flow.framesDecoded - (old?.framesDecoded ?? 0),
  }));
}

/** What a page sends of its camera or microphone over one connection. */
export interface Sent {
  /** Of the device. */
  label: string;
  noiseSuppression: boolean | undefined;
  active: boolean;
  maxBitrate: number;
  maxFramerate: number;
  scaleResolutionDownBy: number;
  /** So far. */
  frames: number;
  /** Of the last picture. */
  height: number;
  codec: string;
  /** What the other side asks of the codec. */
  codecSettings: string;
}

/** By connection. */
export async function sends(page: Page, slot: 'audio' | 'camera'): Promise<Sent[]> {
  return page.evaluate(async (at) => {
    const { calls } = globalThis as unknown as Keeper;
    const open = calls.filter((call) => call.connectionState === 'connected');
    return Promise.all(
      open.map(async (call) => {
        const sender = call.getTransceivers()[at]?.sender;
        const report = await sender?.getStats();
        const all = [...(report?.values() ?? [])] as (RTCStats & Record<string, unknown>)[];
        const stream = all.find(({ type }) => type === 'outbound-rtp') ?? {};
        const of = (it: object, what: string) => (it as Record<string, unknown>)[what];
        const codec = all.find(({ id }) => id === of(stream, 'codecId')) ?? {};
        const [encoding] = sender?.getParameters().encodings ?? [];
        return {
          label: sender?.track?.label ?? '',
          noiseSuppression: sender?.track?.getSettings().noiseSuppression,
          active: encoding?.active === true,
          maxBitrate: encoding?.maxBitrate ?? Infinity,
          maxFramerate: encoding?.maxFramerate ?? Infinity,
          scaleResolutionDownBy: encoding?.scaleResolutionDownBy ?? 1,
          frames: Number(of(stream, 'framesSent') ?? 0),
          height: Number(of(stream, 'frameHeight') ?? 0),
          codec: String(of(codec, 'mimeType')),
          codecSettings: String(of(codec, 'sdpFmtpLine')),
        };
      }),
    );
  }, ['audio', 'camera'].indexOf(slot));
}

/** Over how many connections pictures of the camera went out within a second, and over how many none did. */
export async function picturesSent(page: Page): Promise<{ going: number; resting: number }> {
  const before = await sends(page, 'camera');
  await page.waitForTimeout(1_000);
  const now = await sends(page, 'camera');
  const going = now.filter(({ frames }, n) => frames > (before[n]?.frames ?? 0)).length;
  return { going, resting: now.length - going };
}

/** Milliseconds from the click on "Join room" to the first picture of someone else. */
export async function firstPicture(visitor: Visitor): Promise<number> {
  const button = visitor.button('Join room');
  await expect(button).toBeEnabled();
  return button.evaluate(async (element: HTMLButtonElement) => {
    const begun = performance.now();
    element.click();
    return new Promise<number>((resolve) => {
      const look = () => {
        const videos = [
          ...document.querySelectorAll<HTMLVideoElement>('[data-testid="remote-video"]'),
        ];
        const seen = videos.some((it) => it.getVideoPlaybackQuality().totalVideoFrames > 0);
        if (seen) resolve(performance.now() - begun);
        else requestAnimationFrame(look);
      };
      look();
    });
  });
}

/** What a person chose on this device before. */
export async function choose(context: BrowserContext, choices: object): Promise<void> {
  await context.addInitScript((text) => {
    localStorage.setItem('studyrooms.media', text);
  }, JSON.stringify(choices));
}

/** Someone to come, and how. */
export interface Guest {
  name: string;
  /** Which they use, where it is not that of the others. */
  browser?: Browser;
  /** By which way, where it is not the room's own. */
  site?: Site;
  /** What they chose on their device before. */
  choices?: object;
  prepare?: (page: Page) => Promise<void>;
}

/** Lets people with cameras into a new room, one after the other. */
export async function gather(
  browser: Browser,
  server: Site,
  guests: Guest[],
  /** Told how soon each newcomer saw someone. */
  joined?: (ms: number, newcomer: Visitor) => Promise<void>,
): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  let code = '';
  for (const { name, browser: own = browser, site = server, choices, prepare } of guests) {
    const visitor = await Visitor.arrive(own, site, name);
    await keepCalls(visitor.context);
    if (choices) await choose(visitor.context, choices);
    await prepare?.(visitor.page);
    const account = await visitor.getAccount();
    if (code === '') ({ code } = await account.createRoom('Algebra'));
    await visitor.page.goto(`${site.url}/r/${code}`);
    if (visitors.length === 0) await visitor.enter();
    else if (joined) await joined(await firstPicture(visitor), visitor);
    else await visitor.enter();
    visitors.push(visitor);
  }
  return visitors;
}

/** All of them go, from this and from all rooms. */
export async function dismiss(visitors: readonly Visitor[]): Promise<void> {
  await Promise.all(visitors.map(async ({ context }) => context.close()));
}
