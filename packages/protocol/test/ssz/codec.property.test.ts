import {
  BooleanType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  type Type,
  UintBigintType,
  UintNumberType,
} from '@chainsafe/ssz';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChainError } from '../../src/chain-error.ts';
import {
  amount128,
  bool,
  byteList,
  type Codec,
  containerCodec,
  type Field,
  fixedBytes,
  listOf,
  listOfItems,
  text,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../../src/ssz/codec.ts';

/*
 * Goal: canonical bytes are SSZ, every value has one form, and every form has one value. Method: random containers with random values,
 * nested and with lists, are encoded by this package and by a general SSZ library; random damage is refused or is another value's only form.
 */
type Sample = {
  readonly field: Field<never>;
  readonly oracle: Type<unknown>;
  readonly value: fc.Arbitrary<unknown>;
  readonly toOracle: (value: unknown) => unknown;
};

const same = (value: unknown): unknown => value;

function leaf(field: unknown, oracle: unknown, value: fc.Arbitrary<unknown>, toOracle: (value: unknown) => unknown = same): Sample {
  return { field: field as Field<never>, oracle: oracle as Type<unknown>, value, toOracle };
}

const leaves = fc.constantFrom<Sample>(
  leaf(uint8, new UintNumberType(1), fc.integer({ min: 0, max: 0xff })),
  leaf(uint16, new UintNumberType(2), fc.integer({ min: 0, max: 0xffff })),
  leaf(uint32, new UintNumberType(4), fc.integer({ min: 0, max: 0xffff_ffff })),
  leaf(uint64, new UintNumberType(8), fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER))),
  leaf(
    amount128,
    new UintBigintType(16),
    fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.constantFrom(2n ** 64n - 1n, 2n ** 64n)),
  ),
  leaf(bool, new BooleanType(), fc.boolean()),
  leaf(fixedBytes(5), new ByteVectorType(5), fc.uint8Array({ minLength: 5, maxLength: 5 })),
  leaf(fixedBytes(70), new ByteVectorType(70), fc.uint8Array({ minLength: 70, maxLength: 70 })),
  leaf(byteList(7), new ByteListType(7), fc.uint8Array({ maxLength: 7 })),
  leaf(text(12), new ByteListType(12), fc.string({ unit: 'binary', maxLength: 3 }), (value) => new TextEncoder().encode(value as string)),
);

function container(
  children: readonly Sample[],
): Sample & { readonly fields: Record<string, Field<never>>; readonly type: ContainerType<Record<string, Type<unknown>>> } {
  const name = (index: number): string => `field${index}`;
  const fields = Object.fromEntries(children.map(({ field }, index) => [name(index), field]));
  const type = new ContainerType(Object.fromEntries(children.map(({ oracle }, index) => [name(index), oracle])));
  const value = fc.record(Object.fromEntries(children.map((child, index) => [name(index), child.value])));
  const toOracle = (record: unknown): unknown =>
    Object.fromEntries(children.map((child, index) => [name(index), child.toOracle((record as Record<string, unknown>)[name(index)])]));
  return { fields, type, value, toOracle, oracle: type as unknown as Type<unknown>, field: undefined as unknown as Field<never> };
}

function list(children: readonly Sample[], limit: number): Sample {
  const item = container(children);
  return leaf(
    listOf(item.fields, limit),
    new ListCompositeType(item.oracle as never, limit),
    fc.array(item.value, { maxLength: limit }),
    (value) => (value as unknown[]).map(item.toOracle),
  );
}

function itemList(): Sample {
  return leaf(
    listOfItems(byteList(6), 5),
    new ListCompositeType(new ByteListType(6), 5),
    fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 5 }),
  );
}

const anyContainer = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: leaves },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.array(leaves, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 4 }))
          .map(([children, limit]) => list(children, limit)),
      },
      { weight: 1, arbitrary: fc.constant(0).map(itemList) },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map(container);

const anyCase = anyContainer.chain((each) =>
  each.value.map((value) => ({ codec: containerCodec(each.fields) as Codec<unknown>, value, each })),
);

describe('containers', () => {
  it('are encoded as the library encodes them, and decoded to the same value', () => {
    fc.assert(
      fc.property(anyCase, ({ codec, value, each }) => {
        const bytes = codec.encode(value);
        expect(bytes).toEqual(each.type.serialize(each.toOracle(value) as never));
        expect(codec.decode(bytes)).toEqual(value);
        expect(codec.decode(Buffer.from(bytes))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('have only one form: what decodes, encodes to the same bytes', () => {
    fc.assert(
      fc.property(
        anyCase,
        fc.nat(),
        fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 4, 8, 0xff)),
        fc.constantFrom('change', 'remove', 'insert', 'cut'),
        (one, position, byte, damage) => {
          const bytes = [...one.codec.encode(one.value)];
          const at = position % (bytes.length + 1);
          if (damage === 'change') bytes[at] = byte;
          else if (damage === 'remove') bytes.splice(at, 1);
          else if (damage === 'insert') bytes.splice(at, 0, byte);
          else bytes.length = at;
          const damaged = Uint8Array.from(bytes);
          let value: unknown;
          try {
            value = one.codec.decode(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(ChainError);
            expect((error as ChainError).code).toBe('PROTOCOL_BYTES_INVALID');
            return;
          }
          expect(one.codec.encode(value)).toEqual(damaged);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('are refused or read as the library reads them: where both read, they agree', () => {
    fc.assert(
      fc.property(anyContainer, fc.uint8Array({ maxLength: 80 }), (each, bytes) => {
        let value: unknown;
        try {
          value = (containerCodec(each.fields) as Codec<unknown>).decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ChainError);
          return;
        }
        expect(each.type.deserialize(bytes)).toEqual(each.toOracle(value));
      }),
      { numRuns: 1000 },
    );
  });
});
