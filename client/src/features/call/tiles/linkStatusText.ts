import type { LinkPhase, Remote, FailureReason } from '../link/transport';

const REASONS: Record<FailureReason, { short: string; long: string }> = {
  refused: {
    short: 'Relay refuses',
    long: 'The relay refuses its credentials. Whoever runs this server has to look at its TURN secret; trying on…',
  },
  noRelay: {
    short: 'No relay',
    long: 'You chose to connect by relay only, and this server has none. You can change that under Devices.',
  },
  silentRelay: {
    short: 'Relay is silent',
    long: 'The relay does not answer. Your network may block it; trying on…',
  },
  noAnswer: {
    short: 'No answer yet',
    long: 'The other side has not answered yet. They may be changing networks; trying on…',
  },
  noRoute: {
    short: 'No way through yet',
    long: 'No way through yet. A firewall may be between you; trying on…',
  },
  unableHere: {
    short: 'No calls',
    long: 'This browser cannot make calls.',
  },
  unableThere: {
    short: 'No calls',
    long: 'Their browser cannot make calls. They can read, write and draw.',
  },
};

const WAITING: Record<Exclude<LinkPhase, 'connected'>, string> = {
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  unreachable: 'No way through yet; trying on…',
  impossible: 'No calls',
};

/** The state of a link as text; none while it is connected. */
export function linkStatusText(
  { phase, failureReason }: Pick<Remote, 'phase' | 'failureReason'>,
  small: boolean,
): string | undefined {
  if (phase === 'connected') return undefined;
  if (failureReason) return small ? REASONS[failureReason].short : REASONS[failureReason].long;
  return WAITING[phase];
}
