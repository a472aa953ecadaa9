import {
  type Address,
  type BlockHash,
  decodeHex,
  type LedgerRecord,
  type Receipt,
  type Signature,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import {
  accountTable,
  applyBlock,
  assetTable,
  BlockTransition,
  buildBlock,
  DEFAULT_BLOCK_LIMITS,
  holdingTable,
  MemoryState,
  type StateChange,
  type StateEntry,
  type StateKey,
  StateOverlay,
  type StateView,
} from '../../src/index.ts';
import { START_SEC } from '../support/test-chain.ts';
import { ADDRESSES, type FirstState, lightChain, rootedChain } from './first-state.ts';
import { LightState } from './light-state.ts';
import type { Call, Freeze, Operation } from './operation.ts';

/** What a block of the state machine did: a receipt for each call, or undefined where it could not stand, and all records. */
export type RealBlock = { readonly receipts: readonly (Receipt | undefined)[]; readonly records: readonly LedgerRecord[] };

/** The state machine as a ledger that takes blocks of calls. */
export type RealLedger = {
  readonly block: (nowSec: number, calls: readonly Call[]) => RealBlock;
  readonly freeze: (freeze: Freeze) => void;
  /** Bytes of an entry of the tip. */
  readonly get: (key: StateKey) => Uint8Array | undefined;
  readonly entries: () => Iterable<StateEntry>;
};

const NO_PARENT = new Uint8Array(32) as BlockHash;
/** Blocks executed once, on a state in a map, without roots. */
export function createLightLedger({ entries, proposer }: FirstState): RealLedger {
  const state = new LightState(entries);
  return {
    block: (nowSec, calls) => {
      const transition = new BlockTransition(state, lightChain, {
        timestampMs: nowSec * 1000,
        proposer,
        parentHash: NO_PARENT,
        evidence: [],
      });
      const included = calls.map((call) => transition.addTransaction(transactionOf(call, nowSec)) === 'OK');
      const { changes, receipts, records } = transition.finish();
      state.commit(changes);
      return { receipts: spread(included, receipts), records };
    },
    freeze: (freeze) => {
      state.commit(freezeChanges(state, freeze));
    },
    get: (key) => state.get(key),
    entries: () => state.entries(),
  };
}

/** Blocks built, then applied as a validator would, on a state with its commitment; both have to agree on every root. */
export function createRootedLedger({ entries, proposer }: FirstState): RealLedger {
  const state = new MemoryState({ cryptography: rootedChain.cryptography, entries: [...entries].map(([key, value]) => ({ key, value })) });
  return {
    block: (nowSec, calls) => {
      const setting = { timestampMs: nowSec * 1000, proposer, parentHash: NO_PARENT, evidence: [] };
      const candidates = calls.map((call) => transactionOf(call, nowSec));
      const built = buildBlock(state, candidates, rootedChain, setting, DEFAULT_BLOCK_LIMITS);
      const block = { header: built.header, transactions: built.transactions, evidence: [] };
      const outcome = applyBlock(state, block, rootedChain, NO_PARENT);
      if (!outcome.ok) throw new Error(`a built block is refused: ${outcome.code}`);
      state.drop(built.preview);
      state.promote(outcome.preview);
      const skipped = new Set(built.skipped.map(({ index }) => index));
      return {
        receipts: spread(
          calls.map((_, index) => !skipped.has(index)),
          outcome.receipts,
        ),
        records: outcome.records,
      };
    },
    freeze: (freeze) => {
      state.promote(state.preview(freezeChanges(state, freeze)));
    },
    get: (key) => state.get(key),
    entries: () => state.entries(),
  };
}

/** Address of a name. */
export function addressOfName(name: string): Address {
  const address = ADDRESSES.get(name);
  if (address === undefined) throw new Error(`nobody is called ${name}`);
  return address;
}

/** First second of a sequence: one after genesis. */
export const FIRST_SEC: number = START_SEC;

function spread(included: readonly boolean[], receipts: readonly Receipt[]): readonly (Receipt | undefined)[] {
  let next = 0;
  return included.map((each) => (each ? receipts[next++] : undefined));
}

function freezeChanges(view: StateView, { account, asset, level }: Freeze): readonly StateChange[] {
  const state = new StateOverlay(view);
  if (account !== undefined && asset !== undefined) {
    const key = { owner: addressOfName(account), asset };
    const known = state.get(holdingTable, key);
    if (known !== undefined) state.set(holdingTable, key, { ...known, freeze: level });
  } else if (account !== undefined) {
    const known = state.get(accountTable, addressOfName(account));
    if (known !== undefined) state.set(accountTable, addressOfName(account), { ...known, freeze: level });
  } else if (asset !== undefined) {
    const known = state.get(assetTable, asset);
    if (known !== undefined) state.set(assetTable, asset, { ...known, freeze: level });
  }
  return state.changes();
}

/** Bytes of any length do: fees do not depend on it here. */
const SOME_BYTES = new Uint8Array(100);
const NO_SIGNATURE = new Uint8Array(65) as Signature;
const ZERO_ID = new Uint8Array(32);

/** A transaction as if its signatures had been verified, with the id that the call has. */
function transactionOf({ id, from, nonce, payer, operation }: Call, nowSec: number): VerifiedTransaction {
  const common = { from: addressOfName(from), nonce, validUntil: nowSec + 600, maxFee: 10n ** 20n };
  return {
    type: operation.type,
    message: { ...common, ...fieldsOf(operation) },
    signature: NO_SIGNATURE,
    ...(payer === from ? {} : { sponsor: { address: addressOfName(payer), signature: NO_SIGNATURE } }),
    bytes: SOME_BYTES,
    id: bytesOf(id),
  } as unknown as VerifiedTransaction;
}

const NAME_FIELDS: ReadonlySet<string> = new Set(['to', 'owner', 'delegate', 'gateway', 'lender', 'borrower', 'member']);
const ID_FIELDS: ReadonlySet<string> = new Set(['lot', 'debt']);
/** Fields that this test leaves alone. */
const OTHER_FIELDS = {
  memo: '',
  reference: '',
  credentialHash: ZERO_ID,
  jurisdiction: '',
  name: 'New',
  decimals: 2,
  minLevel: 0,
  lot: ZERO_ID,
};

function fieldsOf(operation: Operation): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = { ...OTHER_FIELDS };
  for (const [name, value] of Object.entries(operation)) {
    if (NAME_FIELDS.has(name)) fields[name] = addressOfName(value as string);
    else if (ID_FIELDS.has(name)) fields[name] = bytesOf(value as string);
    else if (name === 'gateways') fields[name] = (value as readonly string[]).map(addressOfName);
    else if (name === 'terms') fields['termsHash'] = new Uint8Array(32).fill(value as number);
    else fields[name] = value;
  }
  return fields;
}

/** The bytes of an id in hex. */
export function bytesOf(id: string): Uint8Array {
  return decodeHex(`0x${id}`);
}
