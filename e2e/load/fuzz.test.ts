import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance } from './fuzz/chance.ts';
import { json } from './fuzz/json.ts';
import { pack, Raw, unpack } from './fuzz/messagepack.ts';
import { packed } from './fuzz/packed.ts';

const facts = {
  home: 'r',
  doors: ['d'],
  userIds: ['u'],
  messageIds: ['m'],
  ownIds: ['o'],
  taskIds: ['k'],
  versionIds: ['v'],
  socketIds: ['s'],
};

for (const dialect of [json, packed]) {
  const packets = (seed: number): string => {
    const chance = new Chance(seed);
    let id = 0;
    const shots = Array.from({ length: 500 }, () => dialect.packet(chance, facts, () => ++id));
    return JSON.stringify(shots);
  };
  test(`${dialect.name}: the same seed makes the same packets`, () =>
    assert.equal(packets(7), packets(7)));
  test(`${dialect.name}: another seed makes other packets`, () =>
    assert.notEqual(packets(7), packets(8)));
}

test('MessagePack is read as it was written', () => {
  const numbers = [0, 127, 128, -1, -32, -33, 1.5, 2 ** 32, -(2 ** 40), 2n ** 63n, -(2n ** 63n)];
  const texts = ['', 'é', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(70_000)];
  const lists = [[], Array.from({ length: 16 }, () => null), Buffer.from([1, 2])];
  const value = { numbers, texts, lists, yes: true, no: false, deep: { a: [{ b: null }] } };
  assert.deepEqual(unpack(pack(value)), value);
});

test('MessagePack has what JSON has not', () => {
  assert.deepEqual([...pack([undefined, Raw.of(0xc1)])], [0x92, 0xd4, 0, 0, 0xc1]);
  assert.equal(pack(NaN)[0], 0xcb);
  assert.throws(() => unpack(Buffer.from([0x92, 1])));
  assert.throws(() => unpack(Buffer.from([1, 1])));
});
