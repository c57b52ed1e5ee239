import type { Finding, Findings, Probe } from './connectionTest';

export const PROBE_LABELS: Record<Probe, string> = {
  stun: 'Finding your address (STUN)',
  udp: 'Relay over UDP',
  tcp: 'Relay over TCP',
  tls: 'Relay over TLS',
};

export function findingMessage(probe: Probe, finding: Finding): string {
  switch (finding.is) {
    case 'running':
      return 'Trying…';
    case 'absent':
      return 'This server does not offer it';
    case 'works':
      return `Works, ${finding.ms} ms`;
    case 'refused':
      return 'Refuses its credentials';
    case 'barred':
      return 'This browser uses no such address: the port belongs to another service';
    case 'silent':
      if (probe === 'stun') return 'No answer';
      return probe === 'tls'
        ? 'No answer: your network may block it, or its certificate is not trusted'
        : 'No answer: your network may block it';
  }
}

/** What it all means for a call; nothing before all is known. */
export function conclusion({ stun, udp, tcp, tls }: Findings): string | undefined {
  const all = [stun, udp, tcp, tls];
  const relays = [udp, tcp, tls];
  const some = (of: readonly Finding[], is: Finding['is']) => of.some((it) => it.is === is);
  if (some(all, 'running')) return undefined;
  if (some(relays, 'works')) {
    return some(all, 'silent') || some(all, 'refused')
      ? 'Your network or the server stands in the way of some, but calls will work by those that do.'
      : 'All is well: calls reach you, whatever stands between you and the others.';
  }
  if (some(relays, 'refused')) {
    return 'The relay refuses its credentials. Tell whoever runs this server to look at its TURN secret.';
  }
  if (some(relays, 'barred')) {
    return 'The relay stands at a port that this browser does not use. Ask whoever runs this server for another one.';
  }
  if (some(relays, 'silent')) {
    return 'No relay answers. Calls work only with people whom you reach directly. Try another network, or ask whoever runs this server.';
  }
  return stun.is === 'works'
    ? 'This server has no relay. Calls work with most people, but not through every firewall.'
    : 'This server names neither STUN nor a relay. Calls work with people in the same network.';
}
