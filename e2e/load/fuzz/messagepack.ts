/** Bytes that stand in a packet as they are, right or wrong. */
export class Raw {
  constructor(readonly bytes: Buffer) {}

  static of(...bytes: number[]): Raw {
    return new Raw(Buffer.from(bytes));
  }
}

const byte = (...bytes: number[]) => Buffer.from(bytes);

function float(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xcb);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

/** The head of a string, an array or a map: marker and length. */
function head(fixed: number, fixedMost: number, wide: [number, number], length: number): Buffer {
  if (length <= fixedMost) return byte(fixed | length);
  const bytes = Buffer.alloc(length < 2 ** 16 ? 3 : 5);
  bytes[0] = length < 2 ** 16 ? wide[0] : wide[1];
  bytes.writeUIntBE(length, 1, bytes.length - 1);
  return bytes;
}

export const arrayHead = (length: number) => head(0x90, 15, [0xdc, 0xdd], length);
export const mapHead = (length: number) => head(0x80, 15, [0xde, 0xdf], length);

export function whole(value: bigint): Buffer {
  if (value >= 0n && value < 128n) return byte(Number(value));
  if (value >= -32n && value < 0n) return byte(Number(value) & 0xff);
  const bytes = Buffer.alloc(9, value < 0n ? 0xd3 : 0xcf);
  if (value < 0n) bytes.writeBigInt64BE(value, 1);
  else bytes.writeBigUInt64BE(value, 1);
  return bytes;
}

function packText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([head(0xa0, 31, [0xda, 0xdb], bytes.length), bytes]);
}

function packBytes(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([byte(0xc6), length, bytes]);
}

/** A value as MessagePack; `undefined` as notepack.io writes it. */
export function pack(value: unknown): Buffer {
  const parts: Buffer[] = [];
  packInto(parts, value);
  return Buffer.concat(parts);
}

function packInto(parts: Buffer[], value: unknown): void {
  if (value instanceof Raw) parts.push(value.bytes);
  else if (value === undefined) parts.push(byte(0xd4, 0, 0));
  else if (value === null) parts.push(byte(0xc0));
  else if (typeof value === 'boolean') parts.push(byte(value ? 0xc3 : 0xc2));
  else if (typeof value === 'string') parts.push(packText(value));
  else if (typeof value === 'bigint') parts.push(whole(value));
  else if (typeof value === 'number')
    parts.push(Number.isSafeInteger(value) ? whole(BigInt(value)) : float(value));
  else if (Buffer.isBuffer(value)) parts.push(packBytes(value));
  else if (Array.isArray(value)) {
    parts.push(arrayHead(value.length));
    for (const each of value) packInto(parts, each);
  } else if (typeof value === 'object') {
    const fields = Object.entries(value);
    parts.push(mapHead(fields.length));
    for (const [key, each] of fields) {
      packInto(parts, key);
      packInto(parts, each);
    }
  } else throw new Error(`cannot be packed: ${typeof value}`);
}

/**
 * What the server sent. Whole numbers beyond 2^53 come as bigint.
 * @throws if it is not one whole value.
 */
export function unpack(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.value();
  if (!reader.isAtEnd) throw new Error('bytes after the packet');
  return value;
}

class Reader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.#at === this.bytes.length;
  }

  value(): unknown {
    const marker = this.whole(1);
    if (marker < 0x80) return marker;
    if (marker < 0x90) return this.map(marker & 15);
    if (marker < 0xa0) return this.array(marker & 15);
    if (marker < 0xc0) return this.take(marker & 31).toString();
    if (marker >= 0xe0) return marker - 256;
    switch (marker) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return marker === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.take(this.whole(2 ** (marker - 0xc4)));
      case 0xca:
        return this.take(4).readFloatBE();
      case 0xcb:
        return this.take(8).readDoubleBE();
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.whole(2 ** (marker - 0xcc));
      case 0xcf:
        return plain(this.take(8).readBigUInt64BE());
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const size = 2 ** (marker - 0xd0);
        return this.take(size).readIntBE(0, size);
      }
      case 0xd3:
        return plain(this.take(8).readBigInt64BE());
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.take(this.whole(2 ** (marker - 0xd9))).toString();
      case 0xdc:
      case 0xdd:
        return this.array(this.whole(2 ** (marker - 0xdb)));
      case 0xde:
      case 0xdf:
        return this.map(this.whole(2 ** (marker - 0xdd)));
      default:
        throw new Error(`the server sends no ${marker.toString(16)}`);
    }
  }

  private take(size: number): Buffer {
    const part = this.bytes.subarray(this.#at, this.#at + size);
    if (part.length < size) throw new Error('cut off');
    this.#at += size;
    return part;
  }

  private whole(size: number): number {
    return this.take(size).readUIntBE(0, size);
  }

  private array(length: number): unknown[] {
    return Array.from({ length }, () => this.value());
  }

  private map(length: number): Record<string, unknown> {
    const fields = Array.from({ length }, () => [String(this.value()), this.value()] as const);
    return Object.fromEntries(fields);
  }
}

const plain = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;
