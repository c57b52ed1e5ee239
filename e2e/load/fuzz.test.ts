import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance } from './fuzz/chance.ts';
import { packet } from './fuzz/packets.ts';

const facts = {
  token: 't',
  roomIds: ['r'],
  userIds: ['u'],
  messageIds: ['m'],
  taskIds: ['k'],
  socketIds: ['s'],
};

function packets(seed: number): string {
  const chance = new Chance(seed);
  return JSON.stringify(Array.from({ length: 500 }, (_, id) => packet(chance, facts, id)));
}

test('the same seed makes the same packets', () => assert.equal(packets(7), packets(7)));
test('another seed makes other packets', () => assert.notEqual(packets(7), packets(8)));
