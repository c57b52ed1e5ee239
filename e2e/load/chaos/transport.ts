import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import parser from 'socket.io-msgpack-parser';

/** A way that clients connect, and whether they must always reach the same instance. */
export interface Transport {
  name: string;
  sticky: boolean;
  options: Partial<ManagerOptions & SocketOptions>;
}

const packed = { parser, path: '/socket.io-msgpack/' };
/** The stock client keeps the balancer's cookie for as long as a connection lasts. */
const cookies = { withCredentials: true };

export const transports: Transport[] = [
  { name: 'websocket', sticky: false, options: { transports: ['websocket'] } },
  {
    name: 'upgrade',
    sticky: true,
    options: { transports: ['polling', 'websocket'], ...cookies },
  },
  { name: 'msgpack', sticky: false, options: { transports: ['websocket'], ...packed } },
  {
    name: 'msgpack-upgrade',
    sticky: true,
    options: { transports: ['polling', 'websocket'], ...packed, ...cookies },
  },
  { name: 'websocket', sticky: false, options: { transports: ['websocket'] } },
  { name: 'polling', sticky: true, options: { transports: ['polling'], ...cookies } },
];
