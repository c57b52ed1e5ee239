import { type BrowserContext, expect, type Page } from '@playwright/test';

/** What one of a page's open connections carries. */
export interface Flow {
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
    const open = calls.filter((call) => call.connectionState !== 'closed');
    return Promise.all(
      open.map(async (call) => {
        const report = await call.getStats();
        const all = [...report.values()] as (RTCStats & Record<string, unknown>)[];
        const sum = (type: string, kind: string, what: string) =>
          all
            .filter((it) => it.type === type && it['kind'] === kind)
            .reduce((total, it) => total + Number(it[what] ?? 0), 0);
        const transport = all.find((it) => it.type === 'transport');
        const pair = all.find((it) => it.id === transport?.['selectedCandidatePairId']);
        const candidate = (end: string) => all.find((it) => it.id === pair?.[end]);
        const local = candidate('localCandidateId');
        return {
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

/** Waits until that many connections have each decoded more pictures than before. Gives how long it took. */
export async function decodes(page: Page, others: number, timeout = 30_000): Promise<number> {
  const begun = Date.now();
  const before = await flows(page);
  await expect
    .poll(
      async () => {
        const now = await flows(page);
        const newFrames = (flow: Flow, n: number) =>
          flow.framesDecoded > (before[n]?.framesDecoded ?? 0) + 3;
        return now.filter((flow, n) => flow.state === 'connected' && newFrames(flow, n)).length;
      },
      { timeout, intervals: [100] },
    )
    .toBe(others);
  return Date.now() - begun;
}

/** What a person chose on this device before. */
export async function choose(context: BrowserContext, choices: object): Promise<void> {
  await context.addInitScript((text) => {
    localStorage.setItem('studyrooms.media', text);
  }, JSON.stringify(choices));
}
