import { describe, expect, it } from 'vitest';
import { DEFAULT_PARAMETERS, parametersCodec } from '../../src/parameters/parameters.ts';

/* Goal: fees of single types have one form in bytes. Method: lists that no setting makes. */
describe('bytes of parameters', () => {
  it.each([
    ['fall', [2, 1]],
    ['repeat', [1, 1]],
  ])('whose fees of types %s are refused, naming them', (_name, types) => {
    const bytes = parametersCodec.encode({ ...DEFAULT_PARAMETERS, feeOverrides: types.map((type) => ({ type, fee: 1n })) });
    expect(() => parametersCodec.decode(bytes)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_BYTES_INVALID', details: { field: 'feeOverrides' } }),
    );
  });
});
