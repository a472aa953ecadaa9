import type { ChainIndexes, StateStore } from '@mutual-chain/node';
import {
  assertInvariant,
  type BlockHeader,
  blockHash,
  ChainError,
  certificateCodec,
  encodeHex,
  equalBytes,
  type GenesisHash,
  type StateRoot,
  type ValidatorSet,
  verifyCertificate,
} from '@mutual-chain/protocol';
import { StateOverlay, validatorSetTable } from '@mutual-chain/state-machine';
import { auditStore } from '../chain/audit-store.ts';
import type { ChainIdentity } from '../chain/chain-identity.ts';
import { LotHistories } from '../chain/lot-histories.ts';
import { checkBlock } from '../replay/check-block.ts';
import type { Difference } from '../replay/difference.ts';
import type { BlockSource, SourcedBlock } from './block-source.ts';

/** A chain in which everything holds. */
export type VerifiedChain = {
  /** Which chain it is: the audit says nothing about whether that is the one that is meant. */
  readonly chain: { readonly networkName: string; readonly chainId: number; readonly genesisHash: GenesisHash };
  readonly height: number;
  readonly transactions: number;
  /** Certificates that were checked. */
  readonly certificates: number;
  readonly lots: number;
  readonly records: number;
  readonly stateRoot: StateRoot;
  /** Hash of the last block. */
  readonly tip: Uint8Array;
  /** Header of the last block; undefined for a chain that has genesis alone. */
  readonly header: BlockHeader | undefined;
};

/** What an audit found. */
export type Verdict = ({ readonly ok: true } & VerifiedChain) | { readonly ok: false; readonly difference: Difference };

/** What an audit looks at. */
export type VerifyOptions = {
  readonly chain: ChainIdentity;
  readonly source: BlockSource;
  /** Empty database with genesis, into which everything is executed. */
  readonly store: StateStore;
  /** Indexes of that database, where they are to be made as well. */
  readonly indexes?: ChainIndexes;
  /** Told of every height that holds. */
  readonly progress?: (height: number) => void;
};

/**
 * Replays a chain from genesis: every certificate is checked against the validators that the state itself names, every signature verified, every
 * transition executed, every root compared; at the end the histories of all lots and the invariants of the whole state. Stops at the first difference.
 *
 * Errors: those of the store.
 */
export async function verifyChain({ chain, source, store, indexes, progress = () => undefined }: VerifyOptions): Promise<Verdict> {
  const histories = new LotHistories();
  let transactions = 0;
  let certificates = 0;
  let header: BlockHeader | undefined;
  const blocks = source.blocks()[Symbol.asyncIterator]();
  for (;;) {
    const next = await readNext(blocks, tipOf(store).height + 1);
    if ('difference' in next) return { ok: false, difference: next.difference };
    if (next.block === undefined) break;
    const { height, block: bytes } = next.block;
    const checked = checkBlock(chain, store.view, tipOf(store).blockHash, height, bytes);
    if (!checked.ok) return checked;
    const hash = blockHash(chain.context.cryptography, checked.block.header);
    const uncertified = checkCertificateOf(chain, source, validatorsOf(store), next.block, hash);
    if (uncertified !== undefined) return { ok: false, difference: uncertified };
    const { effect, transactions: verified } = checked;
    header = checked.block.header;
    const entries = indexes?.indexesOf({ ...effect, blockHash: hash, transactions: verified }) ?? [];
    await store.commitHeight({ height, blockHash: hash, preview: effect.preview, block: bytes, indexes: entries });
    histories.add(effect.records);
    transactions += verified.length;
    certificates += next.block.certificate === undefined ? 0 : 1;
    progress(height);
  }
  const { height, stateRoot, blockHash: tip } = tipOf(store);
  const difference = brokenHistory(histories) ?? (await brokenState(chain, store));
  if (difference !== undefined) return { ok: false, difference };
  const { networkName, chainId } = chain.genesis;
  return {
    ok: true,
    chain: { networkName, chainId, genesisHash: chain.context.genesisHash },
    ...{ height, transactions, certificates, lots: histories.lots, records: histories.records, stateRoot, tip, header },
  };
}

async function readNext(
  blocks: AsyncIterator<SourcedBlock>,
  height: number,
): Promise<{ readonly block: SourcedBlock | undefined } | { readonly difference: Difference }> {
  try {
    const { done, value } = await blocks.next();
    if (done === true) return { block: undefined };
    if (value.height === height) return { block: value };
    return { difference: { height, field: 'block', code: 'BLOCK_MISSING', message: `After height ${height - 1} comes ${value.height}.` } };
  } catch (error) {
    if (!(error instanceof ChainError) || !isAboutContent(error.code)) throw error;
    return { difference: { height, field: 'block', code: error.code, message: error.message } };
  }
}

/** Whether an error says that a block is wrong. What only says that it could not be read is nothing against the chain. */
function isAboutContent(code: string): boolean {
  return code.startsWith('PROTOCOL_') || CONTENT_ERRORS.includes(code);
}

const CONTENT_ERRORS: readonly string[] = ['STORAGE_RECORD_CORRUPT', 'CLI_BLOCK_FILE_INVALID', 'CLI_BLOCK_MISSING'];

/** What is wrong with the certificate of a block, if anything is. */
function checkCertificateOf(
  { context: { cryptography, genesisHash } }: ChainIdentity,
  { hasCertificates }: BlockSource,
  validators: ValidatorSet,
  { height, certificate: bytes }: SourcedBlock,
  hash: Uint8Array,
): Difference | undefined {
  const differs = (code: string, message: string): Difference => ({ height, field: 'certificate', code, message });
  if (bytes === undefined) return hasCertificates ? differs('CERTIFICATE_MISSING', 'The block has no certificate.') : undefined;
  try {
    const certificate = certificateCodec.decode(bytes);
    if (certificate.height !== height || !equalBytes(certificate.blockHash, hash))
      return differs('CERTIFICATE_OF_OTHER', `The certificate is for ${encodeHex(certificate.blockHash)} at height ${certificate.height}.`);
    const verdict = verifyCertificate(cryptography, genesisHash, validators, certificate);
    if (verdict.ok) return undefined;
    return differs(verdict.code, 'The signatures are not those of more than two thirds of the power.');
  } catch (error) {
    if (error instanceof ChainError) return differs(error.code, error.message);
    throw error;
  }
}

function validatorsOf(store: StateStore): ValidatorSet {
  const validators = new StateOverlay(store.view).get(validatorSetTable, undefined);
  assertInvariant(validators !== undefined, 'the state begins with genesis');
  return validators;
}

function tipOf(store: StateStore): NonNullable<StateStore['tip']> {
  const { tip } = store;
  assertInvariant(tip !== undefined, 'an open chain has at least genesis');
  return tip;
}

function brokenHistory(histories: LotHistories): Difference | undefined {
  const broken = histories.firstBroken();
  if (broken === undefined) return undefined;
  const message = `The records of lot ${broken.lot} do not follow from each other.`;
  return { height: broken.height, field: 'records', code: broken.fault, message };
}

async function brokenState(chain: ChainIdentity, store: StateStore): Promise<Difference | undefined> {
  const [broken] = await auditStore(chain, store);
  if (broken === undefined) return undefined;
  return { height: tipOf(store).height, field: 'state', code: 'INVARIANT_BROKEN', message: `${broken}.` };
}
